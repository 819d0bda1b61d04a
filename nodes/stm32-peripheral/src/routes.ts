/** What the node's dialogs ask: the boards with their channels, a value now, a safe stop, and the serial ports that are there. */
import { adminRoute, settledWithin } from "@skein/palette";
import { serialPorts } from "@skein/stm32-link";
import type { Request } from "express";
import { SkeinError, type Clock } from "@skein/kit";
import type { Node, NodeAPI } from "node-red";
import { deskOf } from "./desk-of";
import { offersOf } from "./offers";

/** A dialog waits so long, ms, for boards that are asked for the first time. */
const OFFER_MS = 1000;

export interface PeripheralNode extends Node {
  /** What its channel stands at now, in words; nothing goes out. */
  readNow(): Promise<string>;
  makeSafe(): Promise<void>;
}

export function addRoutes(RED: NodeAPI, clock: Clock): void {
  adminRoute(RED, "get", "/skein/stm32-peripheral/offers", "skein.read", async ({ query }: Request) => {
    const known = (id: unknown) => (typeof id === "string" && RED.nodes.getNode(id) ? id : "");
    const desk = deskOf(RED, { bus: known(query["bus"]), direct: known(query["direct"]) });
    await settledWithin(desk, clock, OFFER_MS, () => desk.boards().length > 0);
    return offersOf(desk);
  });
  const deployed = ({ params }: Request): PeripheralNode => {
    const node = RED.nodes.getNode(String(params["id"])) as Partial<PeripheralNode> | null;
    if (node?.readNow) return node as PeripheralNode;
    throw new SkeinError("NODE_UNKNOWN", "this node is not deployed, or has no bus.", { hint: "Deploy first." });
  };
  adminRoute(RED, "post", "/skein/stm32-peripheral/:id/read", "flows.write", async (request) => ({
    text: await deployed(request).readNow(),
  }));
  adminRoute(RED, "post", "/skein/stm32-peripheral/:id/safe", "flows.write", (request) => deployed(request).makeSafe());
}

/** Registered beside the config node whose dialog asks it. */
export const addPortsRoute = (RED: NodeAPI): void =>
  adminRoute(RED, "get", "/skein/stm32-direct/ports", "flows.read", serialPorts);
