/**
 * Every message between host and board, once: the types below, the checks (codec.ts), the specification (docs/link.md) and the board's C
 * header (firmware/gen/link_messages.h) are made from this table by `npm run generate`.
 *
 * From the host everything is acknowledged: by ACK or NAK, or by the answer that the message asks for. The board tells SAMPLE, EVENT and
 * HEARTBEAT unasked and unacknowledged; their counters show what was lost.
 */
import { bytes, flag, number, optional, text, u16, u32, u8, type Body, type Field } from "./fields";

export const VERSION = { major: 1, minor: 0 } as const;

interface Definition {
  readonly type: number;
  readonly from: "host" | "board";
  readonly says: string;
  readonly fields: Readonly<Record<string, Field>>;
}
const define = <const D extends Definition>(definition: D): D => definition;

export const messages = {
  helloReq: define({
    type: 0x01,
    from: "host",
    says: "Opens a session, answered with HELLO. Outputs stay as they are; whatever was armed is not any more.",
    fields: {
      major: u8(1, "of the protocol that the host speaks; another major one is refused"),
      minor: u8(2, "of the protocol that the host speaks"),
      bootId: bytes(3, "8 random bytes; the first one after a reset is the board's boot id until its next reset", 8),
      hostLossMs: u16(4, "after so long without a frame from the host the board makes itself safe, ms, 500-60000"),
    },
  }),
  descReq: define({
    type: 0x02,
    from: "host",
    says: "Asks for one channel's description, answered with DESC.",
    fields: { index: u8(1, "from 0 to the number of channels - 1") },
  }),
  set: define({
    type: 0x03,
    from: "host",
    says: "Drives a channel to a value. Absolute, so that a repetition does no harm.",
    fields: {
      channel: u8(1, "its id"),
      value: number(2, "in the channel's unit"),
      rampMs: optional(u32(3, "to get there in so long, evenly; left out: at once")),
      forMs: optional(
        u32(4, "after so long the channel goes to its safe value; the channel's own limit holds in any case"),
      ),
    },
  }),
  ping: define({ type: 0x04, from: "host", says: "A sign of life, answered with ACK.", fields: {} }),
  arm: define({
    type: 0x05,
    from: "host",
    says: "Allows what can hurt (channels with the flag arm) to leave its safe value, or ends that. Ended by HELLO_REQ, SAFE, loss of the host and a reset too.",
    fields: { armed: flag(1, "true allows it") },
  }),
  safe: define({
    type: 0x06,
    from: "host",
    says: "Every output goes to its safe value at once, and nothing is armed any more.",
    fields: {},
  }),
  reboot: define({
    type: 0x07,
    from: "host",
    says: "After its ACK the board makes itself safe and resets.",
    fields: { loader: flag(1, "true: into the maker's boot loader, to take a new firmware") },
  }),
  watch: define({
    type: 0x08,
    from: "host",
    says: "How often a channel tells its value. Holds until the board's next reset.",
    fields: {
      channel: u8(1, "its id"),
      everyMs: u32(2, "a SAMPLE so often, ms; 0: only when it has changed"),
      deadband: number(
        3,
        "what differs less from the value last told is not told before everyMs is over; 0: every change",
      ),
    },
  }),
  read: define({
    type: 0x09,
    from: "host",
    says: "Asks for a channel's value now, answered with SAMPLE.",
    fields: { channel: u8(1, "its id") },
  }),
  setting: define({
    type: 0x0a,
    from: "host",
    says: "Changes what the board keeps over a loss of power. Without value and text it goes back to what the firmware was built with.",
    fields: {
      channel: u8(1, "its id"),
      setting: u8(2, "which (see settings)"),
      value: optional(number(3, "of a setting that is a number")),
      text: optional(text(4, "of a setting that is a text, UTF-8", 24)),
    },
  }),
  hello: define({
    type: 0x81,
    from: "board",
    says: "Who the board is: to HELLO_REQ, and unasked (ack 0) after a reset.",
    fields: {
      major: u8(1, "of the protocol that the board speaks"),
      minor: u8(2, "of the protocol that the board speaks"),
      firmware: text(3, "version of the firmware, as in 1.4.0", 24),
      board: text(4, "what the board is, as in nucleo-f446re", 24),
      bootId: optional(bytes(5, "from the first HELLO_REQ after the reset; left out before that", 8)),
      resetCause: u8(6, "why it started (see reset causes)"),
      channels: u8(7, "how many there are"),
      descriptionCrc: u32(
        8,
        "CRC-32 (ISO-HDLC) over the CBOR of all DESC in order: the same number, the same channels",
      ),
      uid: optional(bytes(9, "the chip's own unique id", 12)),
    },
  }),
  desc: define({
    type: 0x82,
    from: "board",
    says: "One channel.",
    fields: {
      index: u8(1, "its place among all"),
      channel: u8(2, "its id, which stays the same over firmware versions"),
      name: text(3, "for people", 24),
      kind: text(
        4,
        "what it is (see kinds); a host shows one that it does not know as what its unit and range say",
        16,
      ),
      direction: u8(5, "0 it is read, 1 it is driven"),
      unit: text(6, "in UCUM or plain words; empty for on and off", 8),
      min: number(7, "least value"),
      max: number(8, "greatest value"),
      step: number(9, "smallest difference that means something"),
      safe: number(10, "where a driven one goes when nobody drives it"),
      maxMs: u32(11, "longest time away from the safe value after one SET, ms; 0: no limit"),
      flags: u8(12, "sum of the flags (see channel flags)"),
    },
  }),
  ack: define({ type: 0x83, from: "board", says: "Yes, done; the ack byte tells to what.", fields: {} }),
  nak: define({
    type: 0x84,
    from: "board",
    says: "No, and nothing was changed; the ack byte tells to what.",
    fields: { code: u8(1, "why not (see refusals)") },
  }),
  sample: define({
    type: 0x85,
    from: "board",
    says: "What a channel measures, or where a driven one stands.",
    fields: {
      channel: u8(1, "its id"),
      value: optional(number(2, "in the channel's unit; left out while it cannot be had")),
      fault: optional(u8(3, "why it cannot be had (see faults)")),
      counter: u16(4, "of the channel's samples, those too that found no room: a jump is a gap"),
      atMs: u32(5, "board's uptime when it was measured, ms"),
    },
  }),
  event: define({
    type: 0x86,
    from: "board",
    says: "Something happened.",
    fields: {
      event: u8(1, "what (see events)"),
      channel: optional(u8(2, "of which channel")),
      value: optional(number(3, "what the channel stood at")),
      counter: u16(4, "of all events, those too that found no room: a jump is a gap"),
      atMs: u32(5, "board's uptime, ms"),
    },
  }),
  heartbeat: define({
    type: 0x87,
    from: "board",
    says: "Every 5 s, with how the board fares since the one before.",
    fields: {
      uptimeMs: u32(1, "since its reset, ms; goes round after 49 days"),
      loopMaxUs: u32(2, "longest turn of the scheduler, µs"),
      loopMeanUs: u32(3, "mean turn of the scheduler, µs"),
      worstTask: text(4, "the task with the longest single run since the reset", 12),
      worstTaskUs: u32(5, "that run, µs"),
      stackFree: u32(6, "bytes of stack that were never used"),
      rxDrops: u32(7, "bytes that came in and found no room, since the reset"),
      crcErrors: u32(8, "frames that were damaged, since the reset"),
      txDrops: u32(9, "frames that found no room, since the reset"),
      supplyMv: optional(u16(10, "supply voltage, mV, where it can be measured")),
      armed: flag(11, "whether what can hurt is allowed"),
    },
  }),
} as const;

export type MessageName = keyof typeof messages;
export type BodyOf<N extends MessageName> = Body<(typeof messages)[N]["fields"]>;
export type HostMessage = { [N in MessageName]: (typeof messages)[N]["from"] extends "host" ? N : never }[MessageName];
export type BoardMessage = Exclude<MessageName, HostMessage>;

/** Why a board says no. Names are the ends of our error codes (HUB_REFUSED says them). */
export const refusals = {
  "hello-first": [1, "no session: HELLO_REQ first; the board was reset"],
  "unknown-message": [2, "a type that this firmware does not know"],
  malformed: [3, "a field is missing, of the wrong kind or too long"],
  "unknown-channel": [4, "no channel has this id"],
  "not-driven": [5, "the channel is read and cannot be driven"],
  "out-of-range": [6, "less than min or more than max"],
  "not-armed": [7, "the channel can hurt, and ARM was not said"],
  blocked: [8, "an end switch or an obstacle forbids this direction"],
  fault: [9, "the part does not work; EVENT told why"],
  version: [10, "another major version of the protocol"],
  "unknown-setting": [11, "the channel has no such setting"],
  "not-stored": [12, "the flash did not take it; the old setting holds"],
  moving: [
    13,
    "what can hurt is away from its safe value, and to keep a setting may hold the board up for half a second",
  ],
} as const satisfies Coded;

export const events = {
  "host-lost": [1, "no frame for hostLossMs: outputs are safe, nothing is armed"],
  "time-over": [2, "forMs or maxMs is over: the channel is at its safe value"],
  "end-reached": [3, "an end switch stopped the motor"],
  obstacle: [4, "too much current stopped the motor"],
  fault: [5, "the part stopped working; value is the fault"],
  "fault-over": [6, "the part works again"],
  "brown-out": [7, "the supply fell below its limit: outputs are safe"],
  "settings-lost": [8, "kept settings were damaged: the firmware's own hold"],
  arrived: [9, "a ramp has come to its end"],
  blocked: [
    10,
    "an end switch or an obstacle forbade the direction that a ramp was to go: outputs of the channel are safe",
  ],
} as const satisfies Coded;

export const faults = {
  "no-answer": [1, "nobody answers on the bus"],
  "bus-stuck": [2, "a line of the bus is held down, and nine clocks did not free it"],
  "bad-checksum": [3, "what came was damaged, three times"],
  "time-out": [4, "it began to answer and did not end"],
  "out-of-range": [5, "at its rail: a wire is off or shorted"],
  "not-calibrated": [6, "it has never been told its zero and its scale"],
  jammed: [7, "driven, and the encoder did not move"],
} as const satisfies Coded;

export const resetCauses = {
  unknown: [0, "the chip does not say"],
  power: [1, "power on"],
  pin: [2, "the reset pin"],
  software: [3, "REBOOT"],
  watchdog: [4, "a task did not report in"],
  "brown-out": [5, "the supply was too low"],
  "low-power": [6, "low-power management"],
  fault: [7, "the program did what the processor forbids, and was ended"],
} as const satisfies Coded;

export const settings = {
  name: [1, "text: what the channel is called"],
  min: [2, "number: least value, not below the firmware's"],
  max: [3, "number: greatest value, not above the firmware's"],
  maxMs: [4, "number: longest time away from the safe value, ms, not above the firmware's"],
  zero: [5, "number, ignored: what is measured now is zero from now on"],
  scale: [6, "number: what is measured now is so much, in the channel's unit"],
} as const satisfies Coded;

/** What is known of channels; `desc.kind` bears the name. */
export const kinds = {
  led: "a dimmed lamp, %",
  servo: "a servo, degrees",
  motor: "a brushed motor through an H-bridge, % of full speed, negative: backwards",
  esc: "a brushless motor through an electronic speed controller, %",
  "digital-out": "on and off",
  "digital-in": "on and off",
  "analog-in": "a voltage",
  position: "an encoder, in the unit of what it moves",
  current: "of a motor",
  temperature: "°C",
  humidity: "% of saturation",
  pressure: "hPa",
  weight: "a load cell",
} as const;

export const channelFlags = {
  arm: [1, "it can hurt: ARM must be said before it is driven"],
  ramp: [2, "it takes rampMs"],
  calibrate: [4, "it takes the settings zero and scale"],
} as const satisfies Coded;

type Coded = Readonly<Record<string, readonly [code: number, says: string]>>;

const nameIn =
  (table: Coded, what: string) =>
  (code: number): string =>
    Object.entries(table).find(([, [each]]) => each === code)?.[0] ?? `${what}-${code}`;
/** A code in words; of a newer firmware `event-17`. */
export const eventName = nameIn(events, "event");
export const faultName = nameIn(faults, "fault");
export const resetCauseName = nameIn(resetCauses, "reset");
