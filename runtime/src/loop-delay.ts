/** How late the event loop of a process of ours is: measured by each in itself, told to the launcher, and by it to core's self-care. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { every, systemClock } from "@skein/kit";
import { tellLauncher } from "@skein/kit/child-process";
import type { ChildMessage, LoopDelay } from "./launcher/ipc";

/** The histogram's timer, ms: what it takes by itself is no delay. */
const RESOLUTION_MS = 10;
/** Some times between two looks of self-care, so that none of these is without a figure. */
const TELL_EVERY_MS = 10_000;

export interface LoopWatch {
  /** Since it was asked last. */
  take(): LoopDelay;
  close(): void;
}

export function watchLoop(): LoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // Without a sample there is no number.
  const inMs = (ns: number): number => (Number.isFinite(ns) ? Math.max(0, ns / 1e6 - RESOLUTION_MS) : 0);
  return {
    take() {
      const delay = { p99Ms: inMs(histogram.percentile(99)), maxMs: inMs(histogram.max) };
      histogram.reset();
      return delay;
    },
    close: () => void histogram.disable(),
  };
}

/** From now on, until the process ends. */
export function tellLoopDelay(): void {
  const loop = watchLoop();
  every(systemClock, TELL_EVERY_MS, () => tellLauncher<ChildMessage>({ type: "loop", ...loop.take() }));
}
