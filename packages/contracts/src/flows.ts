import { z } from "zod";
import { defineMessage } from "./define-message";

/** What a flow publishes with skein-out: something that is so. */
export const flowState = defineMessage({
  topic: "flows/{host}/state/{name}",
  kind: "state",
  writer: "flows",
  what: "what a flow says is so (skein-out, *state*)",
  schema: z.json(),
  maxBytes: 64 * 1024,
});

/** What a flow publishes with skein-out: something that happened. */
export const flowEvent = defineMessage({
  topic: "flows/{host}/events/{name}",
  kind: "event",
  writer: "flows",
  what: "what a flow says has happened (skein-out, *event*)",
  schema: z.json(),
  maxBytes: 64 * 1024,
});
