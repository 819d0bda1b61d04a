/** The link to the bus as a node's status, in Node-RED's own words, which it has in every language. */
import type { Bus } from "@skein/bus";
import { createStatus } from "@skein/palette";
import type { Node, NodeAPI } from "node-red";

/** Shows it from now on; the returned function stops. */
export function showLink(RED: NodeAPI, node: Node, bus: Bus): () => void {
  const show = createStatus(node);
  return bus.onLink((link) => {
    if (link.up) show("good", RED._("node-red:common.status.connected"));
    else if (link.code === "BUS_UNREACHABLE") show("doubt", RED._("node-red:common.status.connecting"), true);
    else show("bad", RED._("node-red:common.status.disconnected"), true);
  });
}

/** A node that cannot work says so in red, once in the log, and at every input. */
export function showFailure(RED: NodeAPI, node: Node, error: unknown): void {
  createStatus(node)("bad", RED._("node-red:common.status.error"), true);
  node.error(error);
}
