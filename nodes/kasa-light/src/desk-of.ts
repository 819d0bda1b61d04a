/** Whoever owns the connections that a node was given: its direct config node's, else the leader over the bus. */
import { busNodeOf } from "@skein/palette";
import { SkeinError, type Clock } from "@skein/kit";
import type { NodeAPI } from "node-red";
import { busDeskOf } from "./bus-desk";
import { DESK_INTERFACE, type LightDesk } from "./light-desk";

/** What a `skein-kasa-direct` config node offers. */
export interface DirectNode {
  readonly skeinInterface: typeof DESK_INTERFACE;
  /** @throws SkeinError KASA_DIRECT_IN_HOUSE in the leader's flow host */
  readonly desk: LightDesk;
}

/** @throws SkeinError KASA_DIRECT_MISSING, KASA_DIRECT_IN_HOUSE, BUS_NOT_CONFIGURED, BUS_NO_LEADER, BUS_NODE_OUTDATED */
export function deskOf(RED: NodeAPI, { bus, direct }: { bus: string; direct: string }, clock: Clock): LightDesk {
  if (!direct) return busDeskOf(busNodeOf(RED, bus).bus, clock);
  const found = RED.nodes.getNode(direct) as Partial<DirectNode> | null;
  // Another owner in its place would be a second one of the same lights.
  if (found?.skeinInterface !== DESK_INTERFACE)
    throw new SkeinError("KASA_DIRECT_MISSING", "the direct connection that this node was given is not there.", {
      hint: "Open the node and choose another, or the bus.",
    });
  return (found as DirectNode).desk;
}
