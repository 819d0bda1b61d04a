/** Ids and patterns in a node's settings as they stand at run time, when the environment is known. */
import { SkeinError } from "@skein/kit";
import type { Node, NodeAPI } from "node-red";
import { listOf, VARIABLE } from "./pattern";

/**
 * Node-RED fills in a setting that is `${VAR}` as a whole; one in a list, and a list in one, is seen to here.
 * @throws SkeinError ID_INVALID when one of them can be nobody's: a node that waits for nobody looks like one that works
 */
export function chosenIds(
  RED: Pick<NodeAPI, "util">,
  node: Node,
  setting: unknown,
  fits: (item: string) => boolean,
  hint = "An id is made of a-z, 0-9 and -, 63 at most; in a pattern * stands for any characters, and a room is chosen as room:kitchen. A name is no id.",
): string[] {
  const filled = (item: string): string[] =>
    VARIABLE.test(item) ? listOf(RED.util.evaluateNodeProperty(item, "env", node, {}) || [item]) : [item];
  const items = listOf(setting).flatMap(filled);
  const unset = items.find((item) => VARIABLE.test(item));
  if (unset !== undefined) {
    throw new SkeinError("ID_INVALID", `${unset} is not set.`, {
      hint: "Set it in the environment of the flow or of Node-RED: an id, or several parted by commas.",
    });
  }
  const wrong = items.find((item) => !fits(item));
  if (wrong !== undefined) {
    throw new SkeinError("ID_INVALID", `"${wrong}" is no id and no pattern.`, { hint });
  }
  return items;
}
