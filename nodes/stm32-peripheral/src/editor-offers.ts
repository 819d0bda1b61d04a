/** What the dialog of skein-stm32-peripheral offers to choose from, and says of what is chosen, as the boards are now. */
import { ask, suggest, type EditedNode } from "@skein/palette/editor";
import type { Offers, Stm32PeripheralConfig } from "./config";
import { fitFor, rangeShown, unitShown, valueShown, wantedIn } from "./wanted";

type Peripheral = EditedNode<Stm32PeripheralConfig>;
type Board = Offers["boards"][number];
type Channel = Board["channels"][number];

/** A config node as its select has it; a new one that is still to be made is none. */
const chosen = (setting: "bus" | "direct"): string => {
  const value = String($(`#node-input-${setting}`).val() ?? "");
  return value === "_ADD_" ? "" : value;
};
const typed = (setting: string): string => String($(`#node-input-${setting}`).val() ?? "").trim();

/** Empty until somebody was asked, and where nobody answers. */
let boards: readonly Board[] = [];

/** Asks anew who is there, and shows it. */
export function offer(node: Peripheral): void {
  const query = `bus=${encodeURIComponent(chosen("bus"))}&direct=${encodeURIComponent(chosen("direct"))}`;
  const asked = ask<Offers>(`skein/stm32-peripheral/offers?${query}`).then((offers) => {
    boards = offers.boards;
    return offers;
  });
  suggest(
    $("#skein-stm32-boards"),
    asked.then((all) => all.boards.map(({ id, name, virtual }) => ({ value: id, name, virtual }))),
  );
  asked.then(
    () => showChosen(node),
    () => {
      boards = [];
      showChosen(node);
    },
  );
}

/** At the end of a line of its own there is one board, whatever stands in the field. */
const boardChosen = (): Board | undefined => {
  const id = chosen("direct") ? "" : typed("board");
  return id === "" ? (boards.length === 1 ? boards[0] : undefined) : boards.find((board) => board.id === id);
};

function channelChosen(): Channel | undefined {
  const name = typed("channel").toLowerCase();
  if (name === "") return undefined;
  const channels = boardChosen()?.channels ?? [];
  return channels.find((one) => one.name.toLowerCase() === name) ?? channels.find(({ id }) => String(id) === name);
}

/** The channels of the chosen board; kind, unit and range of the chosen one; and the rows that mean something for it. */
export function showChosen(node: Peripheral): void {
  const channels = boardChosen()?.channels ?? [];
  suggest(
    $("#skein-stm32-channels"),
    Promise.resolve(
      channels.map((channel) => ({ value: channel.name, name: `${channel.kind}, ${rangeShown(channel)}` })),
    ),
  );
  const channel = channelChosen();
  $("#skein-stm32-about").text(channel ? aboutChannel(node, channel) : node._("stm32-peripheral.label.noChannel"));
  $("#skein-stm32-drive-rows").toggle(channel?.driven !== false);
  $("#skein-stm32-read-rows").toggle(channel?.driven !== true);
  $("#skein-stm32-every-row").toggle(typed("tell") === "every");
  $("#skein-stm32-deadband-row").toggle(typed("tell") === "change");
  $(".skein-stm32-unit").text(channel ? unitShown(channel.unit) : "");
}

const aboutChannel = (node: Peripheral, channel: Channel): string =>
  [
    node._(channel.driven ? "stm32-peripheral.label.driven" : "stm32-peripheral.label.read"),
    channel.kind,
    rangeShown(channel),
    channel.value === undefined
      ? ""
      : node._("stm32-peripheral.label.now", { value: valueShown(channel.value, channel) }),
    channel.needsArm ? node._("stm32-peripheral.label.needsArm") : "",
  ]
    .filter(Boolean)
    .join(", ");

/** What is wrong with a fixed value for the chosen channel, if anything; what a message bears is known at run time. */
export function wrongValue(node: Peripheral): string | undefined {
  const channel = channelChosen();
  const type = typed("payloadType");
  if (!channel?.driven || !["num", "str", "bool"].includes(type)) return undefined;
  const wanted = wantedIn(typed("payload"));
  // "safe" and "read" drive nothing and are orders all the same.
  if (!wanted)
    return ["safe", "read"].includes(typed("payload")) ? undefined : node._("stm32-peripheral.invalid.value");
  return "value" in fitFor(channel, wanted)
    ? undefined
    : node._("stm32-peripheral.invalid.range", { range: rangeShown(channel) });
}
