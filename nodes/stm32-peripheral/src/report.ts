/** What a flow is told: where a channel stands, in plain JSON with its unit, and what happened on a board. */
import type { HubChannel, HubChannelState } from "@skein/contracts";
import { becauseOf, skeinOf, type Source } from "@skein/palette";
import { faultName } from "@skein/stm32-link";
import type { NodeMessage } from "node-red";
import type { Carried } from "./carry-out";
import type { HeardEvent, HubBoard, HubDesk } from "./hub-desk";
import { isOnOff } from "./wanted";

type Stands = Pick<HubChannelState, "value" | "fault">;

/** `value` is null, and `fault` says why, while it cannot be had. */
const payloadOf = (board: HubBoard, channel: HubChannel, { value, fault }: Stands, at: number) => ({
  board: board.id,
  channel: channel.id,
  name: channel.name,
  value: value === undefined ? null : tidy(value),
  unit: channel.unit,
  ...(isOnOff(channel) && value !== undefined ? { on: value !== 0 } : {}),
  ...(fault === undefined ? {} : { fault }),
  virtual: board.virtual,
  at,
});

/** Boards count in single precision: of 21.299999237060547 seven digits mean something. */
const tidy = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(7)));

const topicOf = (board: HubBoard, channel?: HubChannel): string =>
  channel ? `followers/${board.id}/channels/${channel.id}` : `followers/${board.id}`;

/** A reading of its own accord. */
export const readingMessage = (
  board: HubBoard,
  channel: HubChannel,
  reading: HubChannelState,
  source?: Source,
): NodeMessage => ({
  topic: topicOf(board, channel),
  payload: payloadOf(board, channel, reading, reading.at),
  ...(source ? { skein: skeinOf(source) } : {}),
});

/** What was asked for, and by which message. */
export interface AskedBy {
  readonly message: NodeMessage;
  readonly payload: unknown;
  /** A new id, for whoever follows from this message. */
  readonly id: string;
  /** ms since 1970 */
  readonly at: number;
}

/** The message as it came, with where the channel stands now; of a whole board, with what each of its channels that was moved stands at. */
export function reachedMessage(
  desk: Pick<HubDesk, "id">,
  { board, channel, order, reached }: Carried,
  { message, payload, id, at }: AskedBy,
): NodeMessage {
  const standing = ({ channel: number, ...stands }: (typeof reached.channels)[number]) => {
    const found = board.channels.find((each) => each.id === number);
    return found ? [payloadOf(board, found, stands, at)] : [];
  };
  const channels = reached.channels.flatMap(standing);
  return {
    ...message,
    topic: topicOf(board, channel),
    payload: channel
      ? (channels.find((each) => each.channel === channel.id) ?? payloadOf(board, channel, {}, at))
      : { board: board.id, ...(order.action === "arm" ? { armed: order.armed } : { safe: true, channels }) },
    skein: { ...becauseOf(message), id, at, from: desk.id, asked: payload, ms: reached.ms },
  };
}

/** Of a fault the value is which one. */
const valueOf = (event: string, value: number) =>
  event === "fault" ? { fault: faultName(value) } : { value: tidy(value) };

/** Something happened: an end was reached, an obstacle, a time was over. */
export function eventMessage(board: HubBoard, { data, source }: HeardEvent): NodeMessage {
  const channel = board.channels.find(({ id }) => id === data.channel);
  return {
    topic: `followers/${board.id}/events`,
    payload: {
      board: board.id,
      event: data.event,
      ...(data.channel === undefined ? {} : { channel: data.channel }),
      ...(channel ? { name: channel.name, unit: channel.unit } : {}),
      ...(data.value === undefined ? {} : valueOf(data.event, data.value)),
      virtual: board.virtual,
      at: data.at,
    },
    skein: skeinOf(source),
  };
}
