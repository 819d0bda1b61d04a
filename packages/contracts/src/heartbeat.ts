import { z } from "zod";
import { defineMessage } from "./define-message";

/** A follower's sign of life, sent on a steady schedule. What is missing from it is never taken as zero. */
export const heartbeat = defineMessage({
  topic: "followers/{id}/heartbeat",
  kind: "telemetry",
  writer: "follower",
  what: "every 5 s: boot id, when the next is due, each capability's condition",
  schema: z.object({
    /** Changes when the host reboots: /proc/sys/kernel/random/boot_id. */
    bootId: z.uuid(),
    /** When the next one is due, so that a follower may slow down without being suspected. */
    nextInMs: z.int().min(100).max(60_000),
    /** Each capability's own word on itself. */
    capabilities: z.record(z.string(), z.enum(["ok", "degraded", "failed", "off"])),
  }),
});
