/** What the node's dialog asks: what there is to choose from, to look again, and its two buttons. */
import { adminRoute, settledWithin } from "@skein/palette";
import type { Request } from "express";
import { SkeinError, type Clock } from "@skein/kit";
import type { Node, NodeAPI } from "node-red";
import { deskOf } from "./desk-of";
import type { LightDesk } from "./light-desk";
import { offersOf } from "./offers";

/** A dialog waits so long, ms, for a house that is asked for the first time. */
const OFFER_MS = 1000;

export interface LightNode extends Node {
  /** As if a message came, but nothing goes out. */
  press(): Promise<void>;
  blink(): Promise<void>;
}

export function addRoutes(RED: NodeAPI, clock: Clock): void {
  const deskAsked = ({ bus, direct }: { bus?: unknown; direct?: unknown }): LightDesk => {
    const known = (id: unknown) => (typeof id === "string" && RED.nodes.getNode(id) ? id : "");
    return deskOf(RED, { bus: known(bus), direct: known(direct) }, clock);
  };
  adminRoute(RED, "get", "/skein/kasa-light/offers", "skein.read", async ({ query }: Request) => {
    const desk = deskAsked(query);
    await settledWithin(desk, clock, OFFER_MS, () => desk.ready);
    return offersOf(desk);
  });
  adminRoute(RED, "post", "/skein/kasa-light/look", "flows.write", async ({ body }: Request) => {
    const desk = deskAsked((body ?? {}) as object);
    await desk.open();
    return { found: await desk.discover() };
  });
  const deployed = ({ params }: Request): LightNode => {
    const node = RED.nodes.getNode(String(params["id"])) as Partial<LightNode> | null;
    if (node?.press) return node as LightNode;
    throw new SkeinError("NODE_UNKNOWN", "this node is not deployed, or has no bus.", { hint: "Deploy first." });
  };
  adminRoute(RED, "post", "/skein/kasa-light/:id/switch", "flows.write", (request) => deployed(request).press());
  adminRoute(RED, "post", "/skein/kasa-light/:id/blink", "flows.write", (request) => deployed(request).blink());
}
