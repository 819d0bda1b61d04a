/** Bytes on a free topic as a flow wants them, and back. */
import { SkeinError } from "@skein/kit";
import type { PayloadAs } from "./config";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** @throws SkeinError PAYLOAD_NO_JSON, PAYLOAD_NO_TEXT */
export function decode(bytes: Uint8Array, as: PayloadAs): unknown {
  if (as === "buffer") return Buffer.from(bytes);
  const text = textOf(bytes);
  if (text === undefined) {
    if (as === "auto") return Buffer.from(bytes);
    throw new SkeinError("PAYLOAD_NO_TEXT", "the message is no UTF-8 text.", {
      hint: 'Choose "a buffer" to get its bytes.',
    });
  }
  if (as === "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (as === "auto") return text;
    throw new SkeinError("PAYLOAD_NO_JSON", "the message is no JSON.", {
      hint: 'Choose "text" to get it as it is.',
      cause,
    });
  }
}

/** @throws SkeinError PAYLOAD_UNFIT */
export function encode(value: unknown, as: PayloadAs): Uint8Array {
  if (value instanceof Uint8Array && (as === "auto" || as === "buffer")) return value;
  if (as === "buffer") {
    if (typeof value === "string") return Buffer.from(value);
    throw new SkeinError("PAYLOAD_UNFIT", `a buffer was to be sent, and the value is ${nameOf(value)}.`);
  }
  if (as === "string") return Buffer.from(typeof value === "string" ? value : toJson(value));
  if (as === "auto" && typeof value === "string") return Buffer.from(value);
  return Buffer.from(toJson(value));
}

function toJson(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new SkeinError("PAYLOAD_UNFIT", `${nameOf(value)} cannot be sent as JSON.`);
  return json;
}

const nameOf = (value: unknown): string => (value === undefined ? "nothing (undefined)" : `of type ${typeof value}`);

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
