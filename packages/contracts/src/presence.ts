import { z } from "zod";
import { defineMessage } from "./define-message";

/**
 * Whether a follower's connection stands. `lost` is its will, written by the broker: for another session than the current
 * one it is ignored; retained, or near a broker restart, it is a hint and no verdict.
 */
export const presence = defineMessage({
  topic: "followers/{id}/presence",
  kind: "state",
  writer: "follower",
  what: "`online` / `leaving` / `lost`, with run and session; `lost` is its will",
  schema: z.object({ status: z.enum(["online", "leaving", "lost"]) }),
});
