/** Whoever speaks with the boards that a node was given: its direct config node, else the boards' bridges over the bus. */
import { busNodeOf } from "@skein/palette";
import { SkeinError } from "@skein/kit";
import type { NodeAPI } from "node-red";
import { busDeskOf } from "./bus-desk";
import { DESK_INTERFACE, type HubDesk } from "./hub-desk";

/** What a `skein-stm32-direct` config node offers. */
export interface DirectNode {
  readonly skeinInterface: typeof DESK_INTERFACE;
  /** @throws SkeinError HUB_DIRECT_IN_HOUSE in the leader's flow host, HUB_LINE_MISSING */
  readonly desk: HubDesk;
}

/** @throws SkeinError HUB_DIRECT_MISSING, HUB_DIRECT_IN_HOUSE, HUB_LINE_MISSING, BUS_NOT_CONFIGURED, BUS_NO_LEADER, BUS_NODE_OUTDATED */
export function deskOf(RED: NodeAPI, { bus, direct }: { bus: string; direct: string }): HubDesk {
  if (!direct) return busDeskOf(busNodeOf(RED, bus));
  const found = RED.nodes.getNode(direct) as Partial<DirectNode> | null;
  if (found?.skeinInterface !== DESK_INTERFACE)
    throw new SkeinError("HUB_DIRECT_MISSING", "the direct connection that this node was given is not there.", {
      hint: "Open the node and choose another, or the bus.",
    });
  return (found as DirectNode).desk;
}
