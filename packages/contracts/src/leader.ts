import { z } from "zod";
import { defineMessage } from "./define-message";

/** Whether the leader judges. Its epoch stands in the envelope. While this is not `online`, every verdict is `unknown`. */
export const leaderStatus = defineMessage({
  topic: "leader/status",
  kind: "state",
  writer: "leader",
  what: "online or not (its will), version; the epoch stands in the envelope",
  schema: z.object({ online: z.boolean(), version: z.string().max(64) }),
});

/** The leader's clock, for offsets: the moment is the envelope's `at`. */
export const leaderClock = defineMessage({
  topic: "leader/clock",
  kind: "telemetry",
  writer: "leader",
  what: "when the leader connects and every 10 s, for offsets; the moment is the envelope's `at`",
  schema: z.object({ nextInMs: z.int().min(100).max(60_000) }),
});

/** Whom it is about, and whether any of them is made up. */
const lost = {
  followers: z.array(z.string().max(63)).max(20_000),
  virtual: z.boolean().default(false),
};

/** Something that concerns the whole house and that somebody should hear of once. */
export const leaderNotice = defineMessage({
  topic: "leader/notices",
  kind: "event",
  writer: "leader",
  what: "what concerns the whole house, told once: many followers lost together, and back",
  schema: z.discriminatedUnion("notice", [
    z.object({
      notice: z.literal("mass-loss"),
      ...lost,
      of: z.int().min(1),
      since: z.number(),
    }),
    z.object({
      notice: z.literal("mass-loss-over"),
      ...lost,
      since: z.number(),
      lastedMs: z.number(),
    }),
  ]),
  maxBytes: 256 * 1024,
});
