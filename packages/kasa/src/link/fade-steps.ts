/** A fade for a device that cannot fade by itself: the changes in between, the last of which is where it ends. Pure. */
import type { Change, LightState } from "../model";

/** No device takes more than about four commands a second well. */
export const STEP_MS = 250;
const MOST_STEPS = 240;

export interface FadeStep {
  readonly change: Change;
  /** From the beginning, ms. */
  readonly atMs: number;
}

export function fadeSteps(from: LightState, { transitionMs = 0, ...to }: Change): readonly FadeStep[] {
  const count = Math.min(MOST_STEPS, Math.max(1, Math.floor(transitionMs / STEP_MS)));
  const off = to.on === false || to.brightness === 0;
  const start = from.on ? (from.brightness ?? 100) : 1;
  const end = off ? 1 : (to.brightness ?? from.brightness ?? 100);
  const sameTurn = from.hue !== undefined && to.hue !== undefined ? shortestTurn(from.hue, to.hue) : undefined;
  return Array.from({ length: count }, (_, index): FadeStep => {
    const part = (index + 1) / count;
    const atMs = (transitionMs * index) / count;
    if (index === count - 1) return { change: off ? { on: false } : to, atMs };
    const brightness = Math.max(1, Math.round(start + (end - start) * part));
    return {
      atMs,
      change: {
        on: true,
        brightness,
        ...(sameTurn !== undefined && { hue: ((((from.hue ?? 0) + sameTurn * part) % 360) + 360) % 360 }),
        ...(to.saturation !== undefined && { saturation: between(from.saturation, to.saturation, part) }),
        ...(to.kelvin !== undefined && { kelvin: between(from.kelvin, to.kelvin, part) }),
      },
    };
  });
}

const between = (from: number | undefined, to: number, part: number): number =>
  Math.round((from ?? to) + (to - (from ?? to)) * part);

/** Degrees, -180 to 180: through red rather than all the way round. */
const shortestTurn = (from: number, to: number): number => ((((to - from) % 360) + 540) % 360) - 180;
