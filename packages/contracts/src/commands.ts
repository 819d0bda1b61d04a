import { z } from "zod";
import { defineMessage } from "./define-message";
import { hostAction } from "./birth";

/**
 * Commands are absolute, expire, name the run they are meant for (all in the envelope's `command`), and are answered by a
 * reply that bears the command's id. The last level is the issuer: the broker lets nobody write under another's.
 */
export const agentCommand = defineMessage({
  topic: "commands/{target}/agent/{issuer}",
  kind: "command",
  writer: "issuer",
  what: "to a follower's agent: ping, restart, log level, settings of a capability",
  schema: z.discriminatedUnion("action", [
    z.object({ action: z.literal("ping") }),
    z.object({ action: z.literal("restart") }),
    z.object({ action: z.literal("log-level"), level: z.enum(["trace", "debug", "info", "warn", "error"]) }),
    z.object({
      action: z.literal("settings"),
      capability: z.string().min(1).max(63),
      settings: z.record(z.string(), z.json()),
    }),
  ]),
});

/** The longest maintenance, ms: 30 days. Whoever forgets that he asked for one shall have the follower judged again one day. */
export const MAX_MAINTENANCE_MS = 30 * 86_400_000;

/** Takes a follower out of judgement for a time, or back in. */
export const maintenanceCommand = defineMessage({
  topic: "commands/leader/maintenance/{issuer}",
  kind: "command",
  writer: "issuer",
  what: "take a follower out of judgement for a time (`forMs`), or back in (`forMs: 0`)",
  schema: z.object({
    follower: z.string().min(1).max(63),
    /** How long from now, ms; 0 ends it. A day by default, 30 days at most. */
    forMs: z.int().min(0).max(MAX_MAINTENANCE_MS).default(86_400_000),
    reason: z.string().max(200).optional(),
  }),
});

/** What the demo's home does to one of its hosts: real signals, real black holes. */
export const hostCommand = defineMessage({
  topic: "commands/{target}/host/{issuer}",
  kind: "command",
  writer: "issuer",
  what: "to the virtual home: crash, pull the plug of, freeze, reboot, cut off or restore one of its hosts; random faults on or off",
  schema: z.discriminatedUnion("action", [
    z.object({ action: hostAction, follower: z.string().min(1).max(63) }),
    z.object({
      action: z.literal("random-faults"),
      on: z.boolean(),
      meanMs: z.int().min(1000).max(3_600_000).default(60_000),
    }),
  ]),
});

const replySchema = z.object({
  /** The id of the command that this answers. */
  command: z.string().min(1).max(64),
  outcome: z.discriminatedUnion("ok", [
    z.object({ ok: z.literal(true), result: z.json().optional() }),
    z.object({ ok: z.literal(false), code: z.string().min(1).max(64), message: z.string().max(1000) }),
  ]),
});
export type Outcome = z.output<typeof replySchema>["outcome"];

export const followerReply = defineMessage({
  topic: "followers/{id}/replies/{issuer}",
  kind: "event",
  writer: "follower",
  what: "done, or an error with a stable code, for a command id",
  schema: replySchema,
});

export const leaderReply = defineMessage({
  topic: "leader/replies/{issuer}",
  kind: "event",
  writer: "leader",
  what: "the leader's answer to a command",
  schema: replySchema,
  // What became of each of 200 devices (devices.ts) fits.
  maxBytes: 128 * 1024,
});

export const flowReply = defineMessage({
  topic: "flows/{host}/replies/{issuer}",
  kind: "event",
  writer: "flows",
  what: "a flow host's answer to a command",
  schema: replySchema,
});
