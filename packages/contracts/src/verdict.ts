import { z } from "zod";
import { defineMessage } from "./define-message";

export const verdictState = z.enum(["joining", "alive", "suspect", "dead", "left", "maintenance", "unknown"]);
export type VerdictState = z.output<typeof verdictState>;

/**
 * Why the leader believes it. `will`: its connection died; `silence`: no sign of life; `clean-stop`: it said goodbye;
 * `reboot`: new boot id; `agent-restart`: new run, same boot; `reconnect`: new session, same run; `gateway-lost`: the bridge
 * it hangs on is dead; `link-lost`: the bridge lives, its cable to it does not answer; `bus-down`: nobody can be heard;
 * `observer-late`: the leader itself was stalled; `clock-skew`: alive, but its clock is far off; `first-seen`, `beat` and
 * `request` (somebody asked for maintenance) are the plain ones.
 */
export const verdictCause = z.enum([
  "will",
  "silence",
  "clean-stop",
  "reboot",
  "agent-restart",
  "reconnect",
  "gateway-lost",
  "link-lost",
  "bus-down",
  "observer-late",
  "clock-skew",
  "first-seen",
  "beat",
  "request",
]);
export type VerdictCause = z.output<typeof verdictCause>;

export const verdictSchema = z.object({
  state: verdictState,
  cause: verdictCause,
  /** When this state began, ms of the leader's clock. */
  since: z.number(),
  /** The last sign of life, ms of the leader's clock; absent when there was none yet. */
  lastSeenAt: z.number().optional(),
  /** In doubt or in maintenance: when it will be decided or over, ms of the leader's clock (pages count down to it). */
  until: z.number().optional(),
  /** What it was before, since when, and when it had last been heard then, so that "back after 12 minutes" needs no memory. */
  previous: z
    .object({ state: verdictState, cause: verdictCause, since: z.number(), lastSeenAt: z.number().optional() })
    .optional(),
  /** How far its clock is off the leader's, ms, when that is worth saying. */
  clockOffsetMs: z.number().optional(),
  /** True for a made-up host. */
  virtual: z.boolean().default(false),
});
export type VerdictData = z.output<typeof verdictSchema>;

export const verdict = defineMessage({
  topic: "leader/verdicts/{id}",
  kind: "state",
  writer: "leader",
  what: "what the leader believes of a follower, since when, why",
  schema: verdictSchema,
});
