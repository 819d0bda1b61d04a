/** Whom a node watches for its second output: those that it sets. Where only a message says who that is, every light. */
import { chosenIds, isDeviceChoice } from "@skein/palette";
import type { Node, NodeAPI } from "node-red";
import type { KasaLightConfig } from "./config";
import { namesIn } from "./targets";

/** @param isChoice whether anything was chosen: a `${VAR}` that is empty must not become every light @throws SkeinError ID_INVALID, TARGET_INVALID */
export function watchedNames(
  RED: Pick<NodeAPI, "util">,
  node: Node,
  { targetType, target, targets }: Pick<KasaLightConfig, "targetType" | "target" | "targets">,
  isChoice: boolean,
): readonly string[] {
  if (targetType === "env") return namesIn(RED.util.evaluateNodeProperty(target, "env", node, {}));
  if (targetType !== "list") return [];
  const chosen = chosenIds(RED, node, targets, isDeviceChoice, "Give a device's id, room:kitchen or group:movie.");
  return isChoice ? namesIn(chosen) : chosen;
}
