/** Why a board takes no orders, in words: what is believed of it, and what to look at. */
import { SkeinError } from "@skein/kit";
import type { HubBoard } from "./hub-desk";

type Believed = Pick<HubBoard, "name" | "state" | "cause">;

/** An order to one that is only in doubt, or that nobody judges, is tried. Behind a bridge that is gone nobody can be heard: that is `unknown`. */
export const isAway = ({ state, cause }: Pick<HubBoard, "state" | "cause">): boolean =>
  state === "dead" || state === "left" || cause === "gateway-lost";

const WHY: Partial<Record<HubBoard["cause"], readonly [why: string, hint: string]>> = {
  "link-lost": ["it does not answer on its cable", "Look at its cable and whether its lamp blinks."],
  "gateway-lost": ["the host whose cable it hangs on is away", "Look at that host: its current, its network."],
  "clean-stop": ["it was taken off in an orderly way", "Start its bridge again."],
};

/** @param trouble what is known beyond the verdict */
export function boardAway({ name, state, cause }: Believed, trouble?: SkeinError): SkeinError {
  if (trouble)
    return new SkeinError("HUB_BOARD_AWAY", `"${name}" is ${state}, so nothing was sent to it: ${trouble.message}`);
  const [why, hint] = WHY[cause] ?? [`nothing is heard of it (${cause})`, "Look at its cable and at its bridge."];
  return new SkeinError("HUB_BOARD_AWAY", `"${name}" is ${state}: ${why}, so nothing was sent to it.`, {
    hint,
  });
}
