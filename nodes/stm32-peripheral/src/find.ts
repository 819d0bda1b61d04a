/** Which board and which of its channels are meant: as the node is set, and where it leaves that open, as the message says. */
import type { HubChannel } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import type { HubBoard, HubDesk } from "./hub-desk";

/** What the node is set to; empty leaves it open. */
export interface Chosen {
  readonly board: string;
  readonly channel: string;
}

type Named = string | number | undefined;

/** @param named `msg.board`, where the node leaves it open @throws SkeinError HUB_BOARD_UNKNOWN, HUB_TARGET_MISSING */
export function boardFor(
  desk: Pick<HubDesk, "boards" | "board" | "trouble">,
  { board }: Chosen,
  named: unknown,
): HubBoard {
  const asked = board || nameIn(named, "msg.board");
  const all = desk.boards();
  const [only, ...others] = all;
  if (asked === undefined) {
    if (only && others.length === 0) return only;
    if (only)
      throw missing(
        "board",
        all.map(({ id }) => id),
      );
    throw desk.trouble
      ? new SkeinError("HUB_BOARD_UNKNOWN", `there is no board: ${desk.trouble.message}`)
      : new SkeinError("HUB_BOARD_UNKNOWN", "there is no board.", {
          hint: "Is one plugged into a follower that has the capability serial-bridge?",
        });
  }
  const found = desk.board(String(asked));
  if (found) return found;
  throw new SkeinError("HUB_BOARD_UNKNOWN", `there is no board "${asked}".`, {
    hint: all.length > 0 ? `There is ${listed(all.map(({ id }) => id))}.` : "No board has said who it is yet.",
  });
}

/** @param named `msg.channel`, where the node leaves it open @throws SkeinError CHANNEL_UNKNOWN, HUB_TARGET_MISSING */
export function channelFor({ name, channels }: HubBoard, { channel }: Chosen, named: unknown): HubChannel {
  const asked = channel || nameIn(named, "msg.channel");
  const [only, ...others] = channels;
  if (asked === undefined) {
    if (only && others.length === 0) return only;
    throw missing(
      "channel",
      channels.map((each) => each.name),
    );
  }
  const found = channelCalled(channels, asked);
  if (found) return found;
  throw new SkeinError("CHANNEL_UNKNOWN", `"${name}" has no channel "${asked}".`, {
    hint: `It has ${listed(channels.map((each) => each.name))}.`,
  });
}

/** By its number, or by its name in whatever case. */
export function channelCalled(channels: readonly HubChannel[], asked: string | number): HubChannel | undefined {
  const text = String(asked).trim().toLowerCase();
  return (
    channels.find(({ name }) => name.toLowerCase() === text) ??
    (/^\d+$/.test(text) ? channels.find(({ id }) => id === Number(text)) : undefined)
  );
}

/** Every channel that the node listens to, now. */
export function watchedChannels(
  desk: Pick<HubDesk, "boards">,
  { board, channel }: Chosen,
): { readonly board: HubBoard; readonly channel: HubChannel }[] {
  return desk
    .boards()
    .filter(({ id }) => board === "" || id === board)
    .flatMap((each) => {
      const named = channel === "" ? each.channels : [channelCalled(each.channels, channel)];
      return named.flatMap((one) => (one ? [{ board: each, channel: one }] : []));
    });
}

function nameIn(named: unknown, where: string): Named {
  if (named === undefined || named === null || named === "") return undefined;
  if (typeof named === "string" || typeof named === "number") return named;
  throw new SkeinError("HUB_TARGET_MISSING", `${where} is ${JSON.stringify(named)}, which names nothing.`, {
    hint: "It is a text or a number.",
  });
}

const missing = (what: "board" | "channel", there: readonly string[]): SkeinError =>
  new SkeinError("HUB_TARGET_MISSING", `which ${what} is meant was not said.`, {
    hint: `Choose one in this node, or set msg.${what}: ${listed(there)}.`,
  });

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ") || "none";
