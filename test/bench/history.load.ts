/** Messages at a pace, and what they do to the event loop of the process that takes them. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { BusMessage } from "./history.traffic";

const TICK_MS = 10;

export interface Loaded {
  readonly taken: number;
  readonly perSecond: number;
  /** Delay of the event loop, ms; a timer of 1 ms is what is measured, and 1 ms is taken off. */
  readonly delayP99Ms: number;
  readonly delayP999Ms: number;
  readonly delayMaxMs: number;
}

export interface LoadOptions {
  /** Infinity: as many as `ready` lets it. */
  readonly perSecond: number;
  readonly seconds: number;
  /** Ends it before. */
  readonly signal?: AbortSignal;
  ready?(): boolean;
  /** Called in every tick. */
  each?(): void;
}

/**
 * Hands out `perSecond` messages in ticks of 10 ms for `seconds`; what a late tick missed is made up for by the next one, as a broker's
 * backlog is.
 */
export async function load(
  messages: readonly BusMessage[],
  options: LoadOptions,
  take: (message: BusMessage) => void,
): Promise<Loaded> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const begun = performance.now();
  const end = begun + 1_000 * options.seconds;
  let taken = 0;
  delay.enable();
  for (let now = begun; now < end && !options.signal?.aborted; now = performance.now()) {
    const due = options.perSecond === Infinity ? taken + 100 : Math.floor(((now - begun) / 1_000) * options.perSecond);
    // Never more than 5 ms at a stretch: what comes in from a socket is taken in such portions, too.
    const pause = now + 5;
    while (taken < due && (options.ready?.() ?? true) && performance.now() < pause)
      take(messages[taken++ % messages.length] as BusMessage);
    options.each?.();
    const behind = taken < due && (options.ready?.() ?? true);
    await (behind || options.perSecond === Infinity
      ? new Promise((resolve) => setImmediate(resolve))
      : new Promise((resolve) => setTimeout(resolve, TICK_MS)));
  }
  const elapsedS = (performance.now() - begun) / 1_000;
  delay.disable();
  const ms = (nanoseconds: number) => Math.max(0, Math.round(nanoseconds / 1e4) / 100 - 1);
  return {
    taken,
    perSecond: Math.round(taken / elapsedS),
    delayP99Ms: ms(delay.percentile(99)),
    delayP999Ms: ms(delay.percentile(99.9)),
    delayMaxMs: ms(delay.max),
  };
}
