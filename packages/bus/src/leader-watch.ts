import { leaderClock, leaderStatus } from "@skein/contracts";
import type { Clock } from "@skein/kit";
import type { Bus } from "./bus";

/**
 * What everybody needs to know of the leader to judge a command: the highest epoch it announced, and its clock. Offsets are
 * taken to our monotonic clock, since our wall clock may step. But the monotonic one stands still while the host is suspended
 * (clock_gettime(2), CLOCK_MONOTONIC): where the two have moved apart, nothing is known until the next tick.
 */
export interface LeaderWatch {
  /** The highest epoch that `leader/status` bore. */
  epoch(): number | undefined;
  /** The leader's clock now, ms; undefined until a tick was heard, and after our own clock has stepped or stood still. */
  now(): number | undefined;
  /** Calls once at the next tick, or at once when one was heard; the returned function forgets it. */
  onceNow(listener: () => void): () => void;
}

/** Ticks looked back at: the one that was least delayed on its way tells the offset best (as NTP's clock filter, RFC 5905, 10). */
const WINDOW = 4;
/** Our two clocks have moved apart by more than this since the last tick, ms: more than NTP's slewing does. */
const APART_MS = 2000;
/** An offset that is less by more than this, ms, and not because the tick was late, is a clock that was set back. */
const SET_BACK_MS = 2000;

export function watchLeader(bus: Pick<Bus, "subscribe">, clock: Clock): LeaderWatch {
  let epoch: number | undefined;
  let offsets: number[] = [];
  let dueAt = -Infinity;
  /** What our wall clock was ahead of the monotonic one at the last tick, ms. */
  let ahead = 0;
  let waiting = new Set<() => void>();

  const forgetIfApart = () => {
    if (Math.abs(clock.now() - clock.monotonic() - ahead) > APART_MS) offsets = [];
  };
  const ignored = () => undefined;
  bus
    .subscribe(leaderStatus, {}, ({ envelope }) => {
      if (envelope.epoch !== undefined) epoch = Math.max(epoch ?? 0, envelope.epoch);
    })
    .catch(ignored);
  bus
    .subscribe(leaderClock, {}, ({ envelope, data, retained }) => {
      if (retained) return;
      // A delay on the way only makes an offset smaller, so the greatest of a few is the truest.
      forgetIfApart();
      const here = clock.monotonic();
      ahead = clock.now() - here;
      const offset = envelope.at - here;
      const less = Math.max(...offsets) - offset;
      if (less > SET_BACK_MS && here - dueAt < less / 2) offsets = [];
      offsets = [...offsets.slice(1 - WINDOW), offset];
      dueAt = here + data.nextInMs;
      const heard = waiting;
      waiting = new Set();
      for (const listener of heard) listener();
    })
    .catch(ignored);

  const now = () => {
    forgetIfApart();
    return offsets.length === 0 ? undefined : clock.monotonic() + Math.max(...offsets);
  };
  return {
    epoch: () => epoch,
    now,
    onceNow(listener) {
      if (now() !== undefined) listener();
      else waiting.add(listener);
      return () => void waiting.delete(listener);
    },
  };
}

/** The leader itself knows both. */
export const leaderItself = (clock: Clock, epoch: number): LeaderWatch => ({
  epoch: () => epoch,
  now: () => clock.now(),
  onceNow(listener) {
    listener();
    return () => undefined;
  },
});
