/** A fade that is made of steps is answered by its first step. What follows it here hears when the last one is confirmed. */
import type { Clock } from "@skein/kit";
import { MAX_TRANSITION_MS } from "./config";
import type { LightDesk } from "./light-desk";

/** Nobody is waited for longer, ms: the leader may have gone in the midst of it. */
const LONGEST_MS = MAX_TRANSITION_MS + 10_000;

/**
 * @param over called once, later, when the fades of all of these are over, with those that came to their end: whoever ended another (a newer
 *   order, a hand) is told of by itself
 * @returns gives up
 */
export function followFades(
  desk: Pick<LightDesk, "get" | "onChange">,
  clock: Clock,
  ids: readonly string[],
  over: (ids: readonly string[]) => void,
): () => void {
  const waiting = new Set(ids);
  /** Whose order leads it, by device; the first step may be answered before it is told. */
  const leads = new Map<string, string>();
  const reached: string[] = [];
  const look = () => {
    for (const id of waiting) {
      const light = desk.get(id);
      const leader = JSON.stringify(light?.cause ?? null);
      if (light?.fading && !leads.has(id)) leads.set(id, leader);
      const isSame = leads.get(id) === leader;
      if (light && (!leads.has(id) || (light.fading && isSame))) continue;
      waiting.delete(id);
      if (isSame && light?.condition === "ok") reached.push(id);
    }
    if (waiting.size === 0) end();
  };
  const stop = desk.onChange(look);
  const giveUp = () => {
    stop();
    cancel();
  };
  const end = () => {
    giveUp();
    over(reached);
  };
  const cancel = clock.setTimer(end, LONGEST_MS, { unref: true });
  return giveUp;
}
