import { z } from "zod";
import { defineMessage } from "./define-message";

const bytes = z.number().min(0);
const percent = z.number().min(0).max(100);

/** How a follower's host and its agent are doing. A figure that the host does not have is absent, never zero. */
export const metrics = defineMessage({
  topic: "followers/{id}/metrics",
  kind: "telemetry",
  writer: "follower",
  what: "every 10 s: CPU, memory, temperature, disk, network, load, the agent's own cost",
  // 512 cores, and 64 disks and interfaces with the longest names, fit.
  maxBytes: 96 * 1024,
  schema: z.object({
    cpu: z
      .object({
        percent: percent.optional(),
        perCorePercent: z.array(percent).max(512).optional(),
        frequencyMhz: z.number().min(0).optional(),
      })
      .optional(),
    memory: z.object({ totalBytes: bytes, usedBytes: bytes, availableBytes: bytes.optional() }).optional(),
    swap: z.object({ totalBytes: bytes, usedBytes: bytes }).optional(),
    /** The hottest sensor, and each by its name. */
    temperatureC: z.number().optional(),
    temperaturesC: z
      .record(z.string().max(64), z.number())
      .refine((sensors) => Object.keys(sensors).length <= 64, "more than 64 sensors")
      .optional(),
    disks: z
      .array(z.object({ mount: z.string().max(255), totalBytes: bytes, usedBytes: bytes }))
      .max(64)
      .optional(),
    network: z
      .array(z.object({ interface: z.string().max(64), receivedBytesPerS: bytes, sentBytesPerS: bytes }))
      .max(64)
      .optional(),
    /** 1, 5 and 15 minutes. */
    load: z.tuple([z.number(), z.number(), z.number()]).optional(),
    uptimeS: z.number().min(0).optional(),
    /** True while the host slows itself down for heat or power. */
    throttled: z.boolean().optional(),
    battery: z.object({ percent, charging: z.boolean() }).optional(),
    agent: z.object({
      cpuPercent: z.number().min(0).optional(),
      rssBytes: bytes,
      heapUsedBytes: bytes,
      /** Worst delay of its event loop since the last report, ms. */
      eventLoopLagMs: z.number().min(0),
      /** Messages dropped since its start because the bus was away too long. */
      dropped: z.int().min(0).optional(),
    }),
  }),
});
