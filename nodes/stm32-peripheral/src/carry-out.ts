/** Carries a message out: finds board and channel, decides what is asked of them, checks it against the range, and asks once. */
import type { Because } from "@skein/bus";
import type { HubChannel, HubReached } from "@skein/contracts";
import { SkeinError, type Clock } from "@skein/kit";
import { settledWithin } from "@skein/palette";
import { boardFor, channelFor, type Chosen } from "./find";
import type { HubBoard, HubDesk, HubOrder } from "./hub-desk";
import { askedOf, FORMS, type Asked } from "./payload";
import { fitFor, rangeShown, unitShown, type Wanted } from "./wanted";

/** Boards say who they are at once after a connection; what is asked right after a deploy waits so long for that, ms. */
const PICTURE_MS = 3000;

export interface Parts {
  readonly desk: HubDesk;
  readonly clock: Clock;
  readonly chosen: Chosen;
  /** `msg.board` and `msg.channel`. */
  readonly named: { readonly board?: unknown; readonly channel?: unknown };
  /** Where the message does not say, ms. */
  readonly rampMs: number | undefined;
  readonly forMs: number | undefined;
  readonly because: Because;
}

export interface Carried {
  readonly board: HubBoard;
  /** Absent when the whole board was asked. */
  readonly channel?: HubChannel;
  readonly order: HubOrder;
  readonly reached: HubReached;
}

/** @throws SkeinError HUB_BOARD_UNKNOWN, CHANNEL_UNKNOWN, HUB_TARGET_MISSING, CHANNEL_NOT_DRIVEN, CHANNEL_OUT_OF_RANGE, PAYLOAD_INVALID, and what the desk throws */
export async function carryOut(payload: unknown, parts: Parts): Promise<Carried> {
  const { desk, clock, chosen, named, because } = parts;
  const asked = askedOf(payload);
  const isThere = () => (chosen.board ? desk.board(chosen.board) !== undefined : desk.boards().length > 0);
  await settledWithin(desk, clock, PICTURE_MS, isThere);
  const board = boardFor(desk, chosen, named.board);
  if (asked.does === "safe" || asked.does === "arm") {
    const order: HubOrder = asked.does === "safe" ? { action: "safe" } : { action: "arm", armed: asked.armed };
    return { board, order, reached: await desk.send(board.id, order, because) };
  }
  const channel = channelFor(board, chosen, named.channel);
  const order = orderFor(channel, asked, parts);
  return { board, channel, order, reached: await desk.send(board.id, order, because) };
}

type Single = Exclude<Asked, { does: "safe" | "arm" }>;

/** @throws SkeinError CHANNEL_NOT_DRIVEN, CHANNEL_OUT_OF_RANGE, PAYLOAD_INVALID */
export function orderFor(
  channel: HubChannel,
  asked: Single,
  { rampMs, forMs }: Pick<Parts, "rampMs" | "forMs">,
): HubOrder {
  const read: HubOrder = { action: "read", channel: channel.id };
  if (asked.does === "read") return read;
  if (!channel.driven) {
    // Whatever comes asks a sensor, the time of an Inject node too; only who spells an order out must mean another channel.
    if (asked.does === "set" && asked.explicit)
      throw new SkeinError("CHANNEL_NOT_DRIVEN", `"${channel.name}" is only read and cannot be driven.`, {
        hint: "Choose another channel, or send anything but an object with a value to have it read.",
      });
    return read;
  }
  if (asked.does === "unclear") throw new SkeinError("PAYLOAD_INVALID", `${asked.why}.`, { hint: FORMS });
  if (asked.rampMs !== undefined && !channel.canRamp)
    throw new SkeinError("PAYLOAD_INVALID", `"${channel.name}" takes no ramp.`, { hint: "Leave rampMs out." });
  // A node's own ramp is no reason for a channel that knows none to refuse.
  const ramp = channel.canRamp ? (asked.rampMs ?? rampMs) : undefined;
  const time = asked.forMs ?? forMs;
  return {
    action: "set",
    changes: [
      {
        channel: channel.id,
        value: valueFor(channel, asked.wanted),
        ...(ramp === undefined ? {} : { rampMs: ramp }),
        ...(time === undefined ? {} : { forMs: time }),
      },
    ],
  };
}

function valueFor(channel: HubChannel, wanted: Wanted): number {
  const fit = fitFor(channel, wanted);
  if ("value" in fit) return fit.value;
  const { name, kind, unit } = channel;
  if (fit.wrong === "range")
    throw new SkeinError(
      "CHANNEL_OUT_OF_RANGE",
      `"${name}" takes ${rangeShown(channel)} and not ${"value" in wanted ? wanted.value : String(wanted.on)}.`,
    );
  if (fit.wrong === "unit")
    throw new SkeinError("PAYLOAD_INVALID", `"${name}" is set in ${unitShown(unit) || "no unit"}.`, {
      hint: "Send the number in that unit; nothing is converted here.",
    });
  throw new SkeinError("PAYLOAD_INVALID", `"${name}" is a ${kind}, which has no "on".`, {
    hint: `Send a number: ${rangeShown(channel)}; "off" is its safe value.`,
  });
}
