import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "@skein/kit";
import type { DataOf, metrics } from "@skein/contracts";

export type OwnCost = Omit<DataOf<typeof metrics>["agent"], "dropped">;

/** How finely the delay of the event loop is sampled, ms. A finer one wakes the process more often than its beats do. */
const SAMPLE_MS = 100;

/** What the agent itself costs its host, by what Node says of this very process. Means and worst are since the call before. */
export interface OwnCostMeter {
  read(): OwnCost;
  stop(): void;
}

export function measureOwnCost(clock: Pick<Clock, "monotonic">): OwnCostMeter {
  const delays = monitorEventLoopDelay({ resolution: SAMPLE_MS });
  delays.enable();
  let before = { at: clock.monotonic(), cpu: process.cpuUsage() };
  return {
    read() {
      const now = { at: clock.monotonic(), cpu: process.cpuUsage() };
      const elapsedUs = (now.at - before.at) * 1000;
      const usedUs = now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system;
      before = now;
      const { rss, heapUsed } = process.memoryUsage();
      // The histogram holds the time between two samples, in ns: what goes beyond the sampling interval is the delay.
      const eventLoopLagMs = Math.max(0, Math.round(delays.max / 1e6 - SAMPLE_MS));
      delays.reset();
      return {
        ...(elapsedUs > 0 && { cpuPercent: Math.round((10_000 * usedUs) / elapsedUs) / 100 }),
        rssBytes: rss,
        heapUsedBytes: heapUsed,
        eventLoopLagMs,
      };
    },
    stop: () => delays.disable(),
  };
}
