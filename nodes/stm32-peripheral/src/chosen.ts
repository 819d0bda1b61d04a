/** The board and the channel of a node's settings as they stand at run time, when the environment is known, and its numbers. */
import { chosenIds, isIdentity, VARIABLE } from "@skein/palette";
import { SkeinError } from "@skein/kit";
import type { Node, NodeAPI } from "node-red";
import { NUMBERS, numberIn, type Stm32PeripheralConfig } from "./config";
import type { Chosen } from "./find";

/** @throws SkeinError ID_INVALID for what can be nobody's, and for a variable that is not set */
export function chosenIn(RED: Pick<NodeAPI, "util">, node: Node, config: Stm32PeripheralConfig): Chosen {
  // At the end of a line of its own there is one board.
  const [board = "", ...others] = config.direct
    ? []
    : chosenIds(
        RED,
        node,
        config.board,
        isIdentity,
        "Give a board's id as the dialog offers it; empty is every board.",
      );
  const channel = String(config.channel).trim();
  if (others.length > 0 || VARIABLE.test(channel))
    throw new SkeinError(
      "ID_INVALID",
      others.length > 0 ? `"${config.board}" is more than one board.` : `${channel} is not set.`,
      { hint: "Give one, or leave it empty: then a message says which is meant." },
    );
  return { board, channel };
}

/** @throws SkeinError HUB_SETTING_INVALID */
export function numberOf(config: Stm32PeripheralConfig, setting: keyof typeof NUMBERS): number | undefined {
  const range = NUMBERS[setting];
  const value = numberIn(config[setting], range);
  if (value !== false) return value;
  const most = range.max === Number.MAX_VALUE ? "or more" : `to ${range.max}`;
  throw new SkeinError("HUB_SETTING_INVALID", `${setting} is "${config[setting]}".`, {
    hint: `It is a number from ${range.min} ${most}, or empty.`,
  });
}
