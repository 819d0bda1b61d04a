/**
 * The leader's time as this page knows it, and whether the page is out of date. Every figure on the page counts from the
 * leader's ticks: the viewer's own clock may be an hour off.
 */

/** A moment on this machine: `monotonic` measures, `wall` notices that the machine slept (some browsers stop the first meanwhile). */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** No tick for this long, ms, and the page says that it is out of date; a tick comes every second. */
export const STALE_AFTER_MS = 3_000;
/** An offset further from the best than this, ms, is no delay: the leader's clock was set, or we slept. */
const STEP_MS = 2_000;
/** Of how many ticks the quickest is believed. */
const WINDOW = 15;

export interface LeaderClock {
  /** A tick came that says `at`. */
  heard(at: number, here: Moment): void;
  /** Begins anew with what was last heard, however long ago: what a page was told before it was opened. */
  restart(from: { readonly at: number; readonly heard: Moment }): void;
  /** The leader's clock, ms; it stands still at the last tick while nothing is heard, so that no figure claims more than is known. */
  now(here: Moment): number;
  /** Since the last tick, ms; undefined before the first. */
  ageMs(here: Moment): number | undefined;
}

export function createLeaderClock(): LeaderClock {
  let offsets: number[] = [];
  let last: (Moment & { at: number }) | undefined;
  const age = (here: Moment, from: Moment) => Math.max(0, here.monotonic - from.monotonic, here.wall - from.wall);
  return {
    heard(at, here) {
      const offset = at - here.monotonic;
      const best = Math.max(...offsets);
      // A late tick gives a smaller offset, so the largest of a few is the nearest to the truth.
      offsets =
        offsets.length > 0 && Math.abs(offset - best) < STEP_MS ? [...offsets, offset].slice(-WINDOW) : [offset];
      last = { ...here, at };
    },
    restart({ at, heard }) {
      offsets = [at - heard.monotonic];
      last = { ...heard, at };
    },
    now(here) {
      if (!last) return 0;
      return age(here, last) > STALE_AFTER_MS ? last.at : Math.max(...offsets) + here.monotonic;
    },
    ageMs: (here) => last && age(here, last),
  };
}
