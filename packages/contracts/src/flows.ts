import { z } from "zod";
import { defineMessage, MAX_MESSAGE_BYTES } from "./define-message";

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

/** Bytes of a picture that a message of this flow host names: a JPEG or PNG as it is, in no envelope. */
export const flowMedia = defineMessage({
  topic: "flows/{host}/media/{hash}",
  kind: "media",
  writer: "flows",
  what: "a JPEG or PNG that a message of this flow host names by its hash; never journalled",
  schema: z.never(),
  maxBytes: MAX_MESSAGE_BYTES,
});
