/**
 * The clock by which things grow old. The wall clock may be wrong by years (a battery that is empty, a date that was mistyped), and
 * what is deleted is gone: this one follows it by at most a day in an hour of running, and goes on at the next start where it was. A
 * house that was off for a month catches up in thirty hours; a clock that is years ahead costs the oldest day in an hour, and no more
 * once it has been put right.
 */
const SPEED = 24;
/** Skein is younger: a clock that says so was not set yet, as of a board that begins in 1970. */
export const EARLIEST_MS = Date.UTC(2025, 0, 1);

export const isSet = (wallMs: number): boolean => wallMs >= EARLIEST_MS;

/** `ageMs`: where it was; `ranMs`: how long core has run since. @returns where it is now, ms */
export function ageOn(ageMs: number, wallMs: number, ranMs: number): number {
  const most = SPEED * Math.max(0, ranMs);
  return Math.min(Math.max(wallMs, ageMs - most), ageMs + most);
}

/**
 * How many of the first rows are old, by their times in the order in which they were written: up to the last that is, and none that
 * came after one which is not. A time that cannot be, because the clock was not set or ahead then, says nothing of its row: it goes
 * with what was written after it. `later`: the first time from `EARLIEST_MS` to `now` behind these rows, for when none of them has one.
 */
export function countOld(
  times: readonly number[],
  before: number,
  now: number,
  later: () => number | undefined,
): number {
  const fresh = times.findIndex((at) => at >= before && at <= now);
  const older = fresh === -1 ? times : times.slice(0, fresh);
  const last = older.findLastIndex((at) => at < before && isSet(at));
  if (fresh !== -1 || last !== -1) return 1 + last;
  return (later() ?? before) < before ? times.length : 0;
}
