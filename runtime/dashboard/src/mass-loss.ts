import type { VerdictData } from "@skein/contracts";
import { span } from "./words";

/**
 * Many followers that go at the same moment share a reason: a fuse, a switch, an access point. The page says so in one line,
 * read off the followers' own verdicts, so that nobody looks for it on four boards one after another.
 */

/** How far apart those that were lost together may be found out, ms: a will comes at once, silence by the board's own rhythm. */
const TOGETHER_MS = 20_000;
/** Fewer are no pattern. */
const AT_LEAST = 3;

/** The line, or undefined when no mass loss is open: at least 3 and at least half, dead or suspect since the same 20 s. */
export function massLossWords(verdicts: readonly VerdictData[], nowMs: number): string | undefined {
  const times = verdicts
    .filter(({ state }) => state === "dead" || state === "suspect")
    .map(lostSince)
    .toSorted((a, b) => a - b);
  let lost: { count: number; since: number } | undefined;
  for (const since of times) {
    const count = times.filter((time) => time >= since && time <= since + TOGETHER_MS).length;
    // Of two equally large ones the later: that is the news.
    if (count >= (lost?.count ?? Math.max(AT_LEAST, verdicts.length / 2))) lost = { count, since };
  }
  return (
    lost &&
    `${lost.count} of ${verdicts.length} followers were lost together ${span(nowMs - lost.since)} ago: look at power or network`
  );
}

/** When the doubt began, also after it became death: each is decided in its own time. */
function lostSince({ state, since, previous }: VerdictData): number {
  return state === "dead" && previous?.state === "suspect" ? previous.since : since;
}
