import { z } from "zod";

export const healthSettings = z.strictObject({
  /** Between two heartbeats, ms. 100 to 60,000; the leader judges by the rhythm that it observes. */
  heartbeatMs: z.int().min(100).max(60_000).default(5_000),
  /** Between two reports of how the host does, ms. 500 to 600,000. */
  metricsMs: z.int().min(500).max(600_000).default(10_000),
});
export type HealthSettings = z.output<typeof healthSettings>;
