/** Which roll-up answers a question, and how far apart its points are. Pure. */
import { type Level, LEVELS } from "./rollup";

/** More points than a graph has pixels for are not drawn. */
const POINTS = 600;
/** Who names a step gets it, up to so many points. */
const POINTS_ASKED = 5_000;

export interface Choice {
  readonly level: Level;
  /** A whole multiple of the level's step, ms. */
  readonly stepMs: number;
}

/**
 * The coarsest level whose step is fine enough for about 600 points (or for `stepMs`, when asked), among those that still have
 * what the range begins with. A time before all of them is answered by the one that goes back furthest.
 */
export function chooseStep(from: number, to: number, now: number, stepMs?: number): Choice {
  const least = (to - from) / (stepMs === undefined ? POINTS : POINTS_ASKED);
  const wanted = Math.max(least, stepMs ?? 0, 1);
  const reaching = LEVELS.filter((level) => from >= now - level.keepMs);
  const candidates = reaching.length > 0 ? reaching : LEVELS.slice(-1);
  const level = candidates.findLast((one) => one.stepMs <= wanted) ?? candidates[0] ?? (LEVELS[0] as Level);
  return { level, stepMs: level.stepMs * Math.ceil(wanted / level.stepMs) };
}
