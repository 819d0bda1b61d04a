/** Frames as they stand on the line, for whoever writes the other end: docs/link-vectors.json and the firmware's tests are made of these. */
import { encodeBody } from "./codec";
import { encodeFrame } from "./frame";
import { messages, type BodyOf, type MessageName } from "./messages";

export interface Vector {
  readonly message: MessageName;
  readonly seq: number;
  readonly ack: number;
  /** Numbers as they are, bytes as hexadecimal. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The body alone, hexadecimal. */
  readonly body: string;
  /** The whole frame with its zero, hexadecimal. */
  readonly line: string;
}

const vector = <N extends MessageName>(message: N, seq: number, ack: number, fields: BodyOf<N>): Vector => {
  const body = encodeBody(message, fields);
  return {
    message,
    seq,
    ack,
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]: [string, unknown]) => [
        name,
        value instanceof Uint8Array ? hex(value) : value,
      ]),
    ),
    body: hex(body),
    line: hex(encodeFrame({ type: messages[message].type, seq, ack, body })),
  };
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bootId = Buffer.from("0011223344556677", "hex");

export const vectors = (): readonly Vector[] => [
  vector("helloReq", 1, 0, { major: 1, minor: 0, bootId, hostLossMs: 2000 }),
  vector("hello", 1, 1, {
    major: 1,
    minor: 0,
    firmware: "1.4.0",
    board: "nucleo-f446re",
    bootId,
    resetCause: 1,
    channels: 2,
    descriptionCrc: 0xdead_beef,
    uid: Buffer.from("0102030405060708090a0b0c", "hex"),
  }),
  vector("hello", 7, 0, {
    major: 1,
    minor: 0,
    firmware: "1.4.0",
    board: "nucleo-f446re",
    resetCause: 4,
    channels: 2,
    descriptionCrc: 1,
  }),
  vector("descReq", 2, 0, { index: 0 }),
  vector("desc", 2, 2, {
    index: 0,
    channel: 1,
    name: "Tür",
    kind: "motor",
    direction: 1,
    unit: "%",
    min: -100,
    max: 100,
    step: 1,
    safe: 0,
    maxMs: 20_000,
    flags: 3,
  }),
  vector("set", 3, 0, { channel: 1, value: -62.5, rampMs: 500, forMs: 70_000 }),
  vector("set", 255, 0, { channel: 200, value: 0 }),
  vector("ping", 4, 0, {}),
  vector("arm", 5, 0, { armed: true }),
  vector("safe", 6, 0, {}),
  vector("reboot", 7, 0, { loader: true }),
  vector("watch", 8, 0, { channel: 3, everyMs: 1000, deadband: 0.25 }),
  vector("read", 9, 0, { channel: 3 }),
  vector("setting", 10, 0, { channel: 1, setting: 1, text: "Haustür" }),
  vector("setting", 11, 0, { channel: 4, setting: 6, value: 1.5 }),
  vector("setting", 12, 0, { channel: 4, setting: 6 }),
  vector("ack", 9, 3, {}),
  vector("nak", 10, 255, { code: 7 }),
  vector("sample", 11, 0, { channel: 3, value: 21.53125, counter: 65_535, atMs: 4_294_967_295 }),
  vector("sample", 12, 9, { channel: 3, fault: 3, counter: 0, atMs: 0 }),
  vector("event", 13, 0, { event: 4, channel: 1, value: 2.5, counter: 12, atMs: 60_000 }),
  vector("event", 14, 0, { event: 1, counter: 13, atMs: 61_000 }),
  vector("heartbeat", 15, 0, {
    uptimeMs: 5000,
    loopMaxUs: 180,
    loopMeanUs: 12,
    worstTask: "channels",
    worstTaskUs: 170,
    stackFree: 1536,
    rxDrops: 0,
    crcErrors: 2,
    txDrops: 0,
    supplyMv: 3301,
    armed: false,
  }),
];
