/** The line under the node: what its channel measures or stands at, or why nobody knows. */
import type { HubChannel, HubChannelState } from "@skein/contracts";
import type { Tone } from "@skein/palette";
import type { Chosen } from "./find";
import { channelCalled } from "./find";
import type { HubBoard, HubDesk } from "./hub-desk";
import { isAway } from "./away";
import { isOnOff, valueShown } from "./wanted";

export interface Line {
  readonly tone: Tone;
  readonly pending: boolean;
  /** Below `stm32-peripheral.status.` in the texts. */
  readonly key: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Causes and faults that have words of their own there. */
const CAUSES = ["link-lost", "gateway-lost"];
const FAULTS = ["no-answer", "bus-stuck", "bad-checksum", "time-out", "out-of-range", "not-calibrated", "jammed"];

export function lineOf(
  desk: Pick<HubDesk, "linkUp" | "boards" | "board" | "reading">,
  chosen: Chosen,
  /** How many orders are under way. */
  asking: number,
): Line {
  if (!desk.linkUp) return waiting("unknown", "noBus");
  const all = chosen.board ? [desk.board(chosen.board)].flatMap((one) => one ?? []) : desk.boards();
  const [only, ...others] = all;
  if (!only) return waiting("unknown", "noBoard");
  if (asking > 0) return waiting("doubt", "asking");
  if (others.length === 0) return ofBoard(desk, only, chosen.channel);
  const away = all.filter(isAway).length;
  const values = { all: all.length, away };
  return away > 0
    ? { ...waiting(away === all.length ? "bad" : "doubt", "someAway"), values }
    : { tone: "good", pending: false, key: "boards", values };
}

const waiting = (tone: Tone, key: string): Line => ({ tone, pending: true, key });

function ofBoard(desk: Pick<HubDesk, "reading">, board: HubBoard, named: string): Line {
  const { id, state, cause, channels } = board;
  if (isAway(board)) return waiting("bad", CAUSES.includes(cause) ? cause : state);
  if (state === "suspect" || state === "maintenance") return waiting("doubt", state);
  // Nobody judges: then it is shown what is known, and grey.
  const tone: Tone = state === "unknown" ? "unknown" : "good";
  const only = channels.length === 1 ? channels[0] : undefined;
  const channel = named ? channelCalled(channels, named) : only;
  if (named && !channel) return waiting("bad", "noChannel");
  if (!channel) return { tone, pending: false, key: "channels", values: { count: channels.length } };
  return ofChannel(channel, desk.reading(id, channel.id), tone);
}

function ofChannel(channel: HubChannel, reading: HubChannelState | undefined, tone: Tone): Line {
  const { value, fault } = reading ?? {};
  if (fault !== undefined) return waiting("bad", FAULTS.includes(fault) ? fault : "fault");
  if (value === undefined) return waiting("doubt", "waiting");
  if (isOnOff(channel)) return { tone, pending: false, key: value === 0 ? "off" : "on" };
  return { tone, pending: false, key: "value", values: { value: valueShown(value, channel) } };
}
