/**
 * When a verdict is news. The leader's verdicts are kept state: a node hears them again after a redeploy, a reconnection, a
 * restart of broker or leader, and a leader that comes back calls everybody `unknown` first. None of that happened to a
 * follower, so none of it may set off a flow. What is an edge:
 *
 * - another state than the last one known, heard live. `unknown` is no knowledge: alive -> unknown -> alive is nothing,
 *   alive -> unknown -> dead is a death (it died while nobody judged);
 * - the same as kept state, when it began after the last one known did (it died while we were away from the bus). An older
 *   one is what a broker remembered, and is ignored;
 * - a follower never heard of, live, that the leader sees for the first time just now. (One that it takes up again after its
 *   own restart may still be called first seen: then that was a while ago.)
 *
 * The first that is known of a follower is otherwise the base to compare with, and no edge. A doubt about somebody dead or
 * gone, or about somebody who was never decided on, is no base and no edge either.
 */
import type { VerdictData, VerdictState } from "@skein/contracts";

export interface Heard {
  /** Kept state of before, replayed at subscription or reconnection. */
  readonly replayed: boolean;
  /** False while the first picture is still coming in. */
  readonly ready: boolean;
  /** When it was said, ms of the clock that `since` is of. */
  readonly at: number;
}

export interface Edge {
  /** What to remember as known of this follower from now on. */
  readonly known: VerdictData | undefined;
  readonly edge: boolean;
}

export function judgeEdge(last: VerdictData | undefined, next: VerdictData, heard: Heard): Edge {
  if (next.state === "unknown") return { known: last, edge: false };
  if (!last) {
    if (heard.ready && !heard.replayed && isNew(next, heard.at)) return { known: next, edge: true };
    return { known: isBase(next) ? next : undefined, edge: false };
  }
  if (heard.replayed && next.since <= last.since) return { known: last, edge: false };
  if (next.state === last.state) return { known: next, edge: false };
  if (next.state === "suspect" && GONE.has(last.state)) return { known: last, edge: false };
  return { known: next, edge: true };
}

/** A verdict is said at once; only one that is taken up again is older, ms. */
const NEWS_MS = 1000;

const isNew = (verdict: VerdictData, at: number): boolean =>
  (verdict.state === "joining" || verdict.state === "alive") &&
  verdict.previous === undefined &&
  at - verdict.since <= NEWS_MS;

const GONE: ReadonlySet<VerdictState> = new Set(["dead", "left"]);
const DECIDED: ReadonlySet<VerdictState> = new Set(["alive", "dead", "left", "maintenance"]);

const isBase = (verdict: VerdictData): boolean =>
  DECIDED.has(verdict.state) || (verdict.state === "suspect" && verdict.previous?.state === "alive");
