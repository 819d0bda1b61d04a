/** A message's body between TypeScript and the wire: a CBOR map from the table's keys. Strict on the way out; on the way in unknown keys are skipped, so that a newer board can say more. */
import { Encoder, FLOAT32_OPTIONS } from "cbor-x";
import { SkeinError } from "@skein/kit";
import { flawOf, type Field } from "./fields";
import { MOST_BODY } from "./frame";
import { messages, type BodyOf, type MessageName } from "./messages";

const cbor = new Encoder({
  useRecords: false,
  mapsAsObjects: false,
  // A board has single precision only.
  useFloat32: FLOAT32_OPTIONS.ALWAYS,
  tagUint8Array: false,
  variableMapSize: true,
});

/** @throws SkeinError HUB_MESSAGE_INVALID */
export function encodeBody<N extends MessageName>(name: N, body: BodyOf<N>): Uint8Array {
  const map = new Map<number, unknown>();
  for (const [field, definition] of fieldsOf(name)) {
    const value = (body as Record<string, unknown>)[field];
    if (value === undefined && definition.optional) continue;
    const flaw = value === undefined ? "is missing" : flawOf(definition, value);
    if (flaw) throw new SkeinError("HUB_MESSAGE_INVALID", `${name}: ${field} ${flaw}.`);
    map.set(definition.key, value);
  }
  const encoded = cbor.encode(map);
  if (encoded.length > MOST_BODY)
    throw new SkeinError("HUB_MESSAGE_INVALID", `${name} has ${encoded.length} bytes; ${MOST_BODY} fit into a frame.`);
  return encoded;
}

/** @throws SkeinError HUB_MESSAGE_INVALID */
export function decodeBody<N extends MessageName>(name: N, bytes: Uint8Array): BodyOf<N> {
  let map: unknown;
  try {
    map = cbor.decode(bytes);
  } catch (error) {
    throw new SkeinError("HUB_MESSAGE_INVALID", `${name}: its body is no CBOR.`, { cause: error });
  }
  if (!(map instanceof Map)) throw new SkeinError("HUB_MESSAGE_INVALID", `${name}: its body is no map.`);
  const body: Record<string, unknown> = {};
  for (const [field, definition] of fieldsOf(name)) {
    const value: unknown = map.get(definition.key);
    if (value === undefined && definition.optional) continue;
    const flaw = value === undefined ? "is missing" : flawOf(definition, value);
    if (flaw) throw new SkeinError("HUB_MESSAGE_INVALID", `${name}: ${field} ${flaw}.`);
    body[field] = value;
  }
  return body as BodyOf<N>;
}

const BY_TYPE = new Map(
  Object.entries(messages).map(([name, { type }]): [number, MessageName] => [type, name as MessageName]),
);
export const nameOf = (type: number): MessageName | undefined => BY_TYPE.get(type);

const fieldsOf = (name: MessageName): [string, Field][] => Object.entries<Field>(messages[name].fields);
