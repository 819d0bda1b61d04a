import { type AnyMessage, type Envelope, envelope, MAX_MESSAGE_BYTES } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import type { z } from "zod";

/**
 * From typed data to bytes and back. Strict on the way out: what we send has no field that its contract does not know.
 * Lenient on the way in: unknown fields are ignored, so that old and new releases live together.
 */

const text = new TextDecoder("utf-8", { fatal: true });

/** Checks what a sender passes and gives its JSON, defaults filled in. @throws SkeinError MESSAGE_INVALID */
export function checkOut(message: AnyMessage, data: unknown): string {
  const result = message.schema.safeParse(data);
  if (!result.success)
    throw new SkeinError("MESSAGE_INVALID", `${message.pattern}: ${firstIssue(result.error.issues)}.`, {
      hint: "It was not sent.",
    });
  const stray = strayField(data, result.data, "");
  if (stray !== undefined) {
    throw new SkeinError("MESSAGE_INVALID", `${message.pattern}: the contract knows no field "${stray}".`, {
      hint: "It was not sent.",
    });
  }
  return JSON.stringify(result.data);
}

/** The envelope around data that is JSON already. */
export const wrap = (header: Envelope, dataJson: string): Buffer =>
  Buffer.from(`${JSON.stringify(header).slice(0, -1)},"data":${dataJson}}`);

/** What brokers must take, topic and all (the house's own takes no more), and MQTT's own bytes in it, at most. */
const MAX_PACKET = MAX_MESSAGE_BYTES + 1024;
const PACKET_HEADER = 32;

/** @throws SkeinError MESSAGE_TOO_LARGE */
export function checkSize(topic: string, bytes: number, maxBytes: number = MAX_MESSAGE_BYTES): void {
  const packet = Buffer.byteLength(topic) + bytes + PACKET_HEADER;
  if (bytes <= maxBytes && packet <= MAX_PACKET) return;
  throw new SkeinError(
    "MESSAGE_TOO_LARGE",
    `${topic}: ${bytes} bytes, and ${Math.min(maxBytes, MAX_PACKET - packet + bytes)} is the limit.`,
    {
      hint: "It was not sent.",
    },
  );
}

export type Opened = { readonly ok: true; readonly envelope: Envelope; readonly data: unknown } | Refused;
export interface Refused {
  readonly ok: false;
  readonly code: "MESSAGE_NO_JSON" | "MESSAGE_INVALID" | "MESSAGE_TOO_LARGE" | "MESSAGE_WRONG_SENDER";
  readonly detail: string;
}

/** JSON, once for all who listen; `undefined` when it is none. */
export function parseJson(payload: Uint8Array): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text.decode(payload)) };
  } catch {
    return undefined;
  }
}

/** Checks envelope, data and sender of a message on a topic with these ids. */
export function open(message: AnyMessage, ids: Readonly<Record<string, string>>, json: unknown): Opened {
  const result = wireSchema(message).safeParse(json);
  if (!result.success) return { ok: false, code: "MESSAGE_INVALID", detail: firstIssue(result.error.issues) };
  const { data, ...header } = result.data as Envelope & { data: unknown };
  const writer = writerOf(message, ids);
  if (writer !== undefined && header.from !== writer) {
    return {
      ok: false,
      code: "MESSAGE_WRONG_SENDER",
      detail: `it says that it is from "${header.from}" where only "${writer}" may write`,
    };
  }
  return { ok: true, envelope: header, data };
}

/** Which id in a topic names its writer; the leader has no id of its own. */
const WRITER_PARAM = { follower: "id", flows: "host", issuer: "issuer" } as const;

/** The only id that may write this topic. */
export const writerOf = (message: AnyMessage, ids: Readonly<Record<string, string>>): string | undefined =>
  message.writer === "leader" ? "leader" : ids[WRITER_PARAM[message.writer]];

/** Envelope and data in one schema, made once a message: one pass is cheaper than two. */
const wires = new WeakMap<AnyMessage, z.ZodType>();
function wireSchema(message: AnyMessage): z.ZodType {
  let wire = wires.get(message);
  if (!wire) wires.set(message, (wire = envelope.extend({ data: message.schema })));
  return wire;
}

function firstIssue(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  const issue = issues[0];
  return issue ? `${issue.path.map(String).join(".") || "it"}: ${issue.message}`.slice(0, 300) : "it does not fit";
}

/** The path of a field that was passed and that parsing left out: zod objects strip what they do not know. */
function strayField(given: unknown, kept: unknown, at: string): string | undefined {
  if (given === null || typeof given !== "object" || kept === null || typeof kept !== "object" || given === kept)
    return undefined;
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const path = at ? `${at}.${key}` : key;
    if (!(key in kept)) return path;
    const deeper = strayField(value, (kept as Record<string, unknown>)[key], path);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}
