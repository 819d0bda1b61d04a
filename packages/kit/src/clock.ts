/**
 * Time as a thing that is handed in. Code that takes a Clock can be tested on a FakeClock in no time, and replayed.
 * Two times are kept apart: `now` is the wall clock and may step; `monotonic` never goes back and measures durations.
 */
export interface Clock {
  /** Wall-clock time in ms since 1970. It may jump when the clock is set. */
  now(): number;
  /** Ms since some fixed moment; never goes back. */
  monotonic(): number;
  /** Calls once after `ms`; the returned function cancels. A pending timer does not keep a process alive when `unref`. */
  setTimer(callback: () => void, ms: number, options?: { unref?: boolean }): CancelTimer;
}

export type CancelTimer = () => void;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(callback, ms, options) {
    const timer = setTimeout(callback, ms);
    if (options?.unref) timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`; rejects with the signal's reason when aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.setTimer(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/**
 * Calls every `ms` on a fixed grid: the n-th call is due at start + n * ms, so that work or lateness never adds up to
 * drift. Calls missed altogether (the machine slept) are skipped, not made up for.
 */
export function every(clock: Clock, ms: number, callback: () => void): CancelTimer {
  const start = clock.monotonic();
  let cancel: CancelTimer = () => {};
  let tick = 0;
  const arm = () => {
    tick = Math.max(tick, Math.floor((clock.monotonic() - start) / ms)) + 1;
    cancel = clock.setTimer(
      () => {
        arm();
        callback();
      },
      Math.max(0, start + tick * ms - clock.monotonic()),
    );
  };
  arm();
  return () => cancel();
}

/** A clock that stands still until a test moves it. Timers fire in order of their time, ties in order of setting. */
export class FakeClock implements Clock {
  private wall: number;
  private elapsed = 0;
  private order = 0;
  private readonly timers = new Map<number, { at: number; callback: () => void }>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.wall = startMs;
  }

  now = (): number => this.wall;
  monotonic = (): number => this.elapsed;

  setTimer = (callback: () => void, ms: number): CancelTimer => {
    const key = this.order++;
    this.timers.set(key, { at: this.elapsed + Math.max(0, ms), callback });
    return () => void this.timers.delete(key);
  };

  /** Moves time on by `ms`, firing what falls due; promises settle between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settle();
    for (let due = this.nextDue(end); due; due = this.nextDue(end)) {
      this.moveTo(due.at);
      this.timers.delete(due.key);
      due.callback();
      await settle();
    }
    this.moveTo(end);
  }

  /** Steps the wall clock only, as an administrator or NTP does. */
  stepWall(ms: number): void {
    this.wall += ms;
  }

  private moveTo(at: number): void {
    this.wall += at - this.elapsed;
    this.elapsed = at;
  }

  private nextDue(end: number): { key: number; at: number; callback: () => void } | undefined {
    let best: { key: number; at: number; callback: () => void } | undefined;
    for (const [key, timer] of this.timers)
      if (timer.at <= end && (!best || timer.at < best.at)) best = { key, ...timer };
    return best;
  }
}

/** Lets every promise that is ready run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
