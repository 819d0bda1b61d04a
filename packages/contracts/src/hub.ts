import { z } from "zod";
import { defineMessage } from "./define-message";

/** How many channels a board has at most, orders one command may bear, samples one message. */
export const HUB_LIMITS = { channels: 64, changes: 32, samples: 500 } as const;

/** A channel's number, which stays the same over firmware versions. */
const channel = z.int().min(0).max(255);

/**
 * A board of lamps, motors and sensors behind a serial cable: a follower of its own, `via` the one whose cable it hangs on. What its
 * channels are it says itself (docs/link.md), so that a new peripheral is in every dialog with no change here.
 */
export const hubChannel = z.object({
  id: channel,
  /** For people; unique on most boards. */
  name: z.string().max(60),
  /** As in docs/link.md, "Kinds of channels"; one that nobody here knows is what its unit and range say. */
  kind: z.string().max(32),
  /** Whether it is driven; all are read. */
  driven: z.boolean(),
  /** Empty for on and off. */
  unit: z.string().max(16),
  min: z.number(),
  max: z.number(),
  step: z.number(),
  /** Where a driven one goes when nobody drives it. */
  safe: z.number(),
  /** Longest time away from the safe value after one order, ms; 0: no limit. */
  maxMs: z.number().min(0),
  /** It can hurt: driven only while the board is armed. */
  needsArm: z.boolean(),
  canRamp: z.boolean(),
  canCalibrate: z.boolean(),
});
export type HubChannel = z.output<typeof hubChannel>;

export const hubDescription = defineMessage({
  topic: "followers/{id}/capabilities/hub/description",
  kind: "state",
  writer: "follower",
  what: "a board of lamps, motors and sensors: its firmware and what its channels are",
  schema: z.object({
    board: z.string().max(60),
    firmware: z.string().max(60),
    channels: z.array(hubChannel).max(HUB_LIMITS.channels),
  }),
  maxBytes: 32 * 1024,
});
export type HubDescription = z.output<typeof hubDescription.schema>;

export const hubChannelState = defineMessage({
  topic: "followers/{id}/capabilities/hub/channels/{channel}",
  kind: "state",
  writer: "follower",
  what: "what a board's channel measures, or where a driven one stands: a few times a second at most",
  schema: z.object({
    /** In the channel's unit; absent while it cannot be had. */
    value: z.number().optional(),
    /** Why it cannot be had: a name of docs/link.md, "Faults". */
    fault: z.string().max(32).optional(),
    /** When it was measured, ms of the bridge's clock. */
    at: z.number(),
  }),
});
export type HubChannelState = z.output<typeof hubChannelState.schema>;

export const hubSamples = defineMessage({
  topic: "followers/{id}/capabilities/hub/samples",
  kind: "telemetry",
  writer: "follower",
  what: "every sample of a board's channels, several in one message",
  schema: z.object({
    /** Channel, ms of the bridge's clock, value. */
    samples: z
      .array(z.tuple([channel, z.number(), z.number()]))
      .min(1)
      .max(HUB_LIMITS.samples),
    /** Samples that the board sent and nobody heard, since the last message. */
    missed: z.int().min(0).optional(),
  }),
  maxBytes: 32 * 1024,
});

export const hubEvent = defineMessage({
  topic: "followers/{id}/capabilities/hub/events",
  kind: "event",
  writer: "follower",
  what: "something happened on a board: an end switch, an obstacle, a time that was over, a part that stopped working",
  schema: z.object({
    /** A name of docs/link.md, "Events". */
    event: z.string().max(32),
    channel: channel.optional(),
    value: z.number().optional(),
    at: z.number(),
  }),
});
export type HubEventData = z.output<typeof hubEvent.schema>;

export const hubFigures = defineMessage({
  topic: "followers/{id}/capabilities/hub/figures",
  kind: "telemetry",
  writer: "follower",
  what: "how a board fares: its loop, its stack, what was lost on its line, its supply, whether it is armed",
  schema: z.object({
    uptimeMs: z.number().min(0),
    loopMaxUs: z.number().min(0),
    loopMeanUs: z.number().min(0),
    worstTask: z.string().max(32),
    worstTaskUs: z.number().min(0),
    stackFreeBytes: z.number().min(0),
    rxDroppedBytes: z.number().min(0),
    crcErrors: z.number().min(0),
    txDroppedFrames: z.number().min(0),
    supplyMv: z.number().min(0).optional(),
    armed: z.boolean(),
  }),
});

/**
 * To a board. Everything is absolute. The reply's `result` to `set`, `safe` and `read` is a `hubReached`; a `set` of several channels
 * is carried out one after the other and ends at the first refusal, which the reply bears.
 */
export const hubCommand = defineMessage({
  topic: "commands/{target}/hub/{issuer}",
  kind: "command",
  writer: "issuer",
  what: "drive a board's channels, arm it, make it safe, ask a channel, say how often one tells, change a setting that it keeps",
  schema: z.discriminatedUnion("action", [
    z.object({
      action: z.literal("set"),
      changes: z
        .array(
          z.strictObject({
            channel,
            /** In the channel's unit. */
            value: z.number(),
            /** To get there in so long, evenly, ms. */
            rampMs: z.int().min(0).max(3_600_000).optional(),
            /** Then back to the safe value, ms. */
            forMs: z.int().min(1).max(86_400_000).optional(),
          }),
        )
        .min(1)
        .max(HUB_LIMITS.changes),
    }),
    z.object({ action: z.literal("arm"), armed: z.boolean() }),
    z.object({ action: z.literal("safe") }),
    z.object({ action: z.literal("read"), channel }),
    z.object({
      action: z.literal("watch"),
      channel,
      /** A sample so often, ms; 0: only when it has changed. */
      everyMs: z.int().min(0).max(86_400_000),
      /** In the channel's unit: what differs by less from what was told last is not told before `everyMs` is over. */
      deadband: z.number().min(0),
    }),
    z.object({
      action: z.literal("setting"),
      channel,
      setting: z.enum(["name", "min", "max", "maxMs", "zero", "scale"]),
      /** Of `name` a text, of the others a number; left out: as the firmware was built. */
      value: z.union([z.string().max(24), z.number()]).optional(),
    }),
  ]),
});
export type HubCommand = z.output<typeof hubCommand.schema>;

/** Where the channels stand now, and how long the board took to say yes. */
export const hubReached = z.object({
  channels: z.array(z.object({ channel, value: z.number().optional(), fault: z.string().max(32).optional() })),
  ms: z.number(),
});
export type HubReached = z.output<typeof hubReached>;
