/**
 * The link to the bus as a node's status, in Node-RED's own words. Like Node-RED's own nodes it names them by their key: each
 * editor shows them in its own language, whatever the runtime's is.
 */
import type { Bus, LinkState } from "@skein/bus";
import { createStatus, tellFailure } from "@skein/palette";
import type { Node, NodeAPI, NodeMessage } from "node-red";

/** Shows it from now on, and that the broker refuses the filter that the node listens to; the returned function stops. */
export function showLink(RED: NodeAPI, node: Node, bus: Bus, filter?: string): () => void {
  const stops = [
    bus.onLink((link) => showLinkNow(RED, node, link)),
    // Told after each link up for as long as it is so.
    bus.onRefused(({ action, topic, error }) => {
      if (action === "read" && topic === filter) showFailure(RED, node, error, { topic });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** As it is now: after a failure that is over. */
export function showLinkNow(RED: NodeAPI, node: Node, link: LinkState): void {
  const show = createStatus(RED, node);
  if (link.up) show("good", "node-red:common.status.connected");
  else if (link.code === "BUS_UNREACHABLE") show("doubt", "node-red:common.status.connecting", true);
  else show("bad", "node-red:common.status.disconnected", true);
}

/** A node that cannot work says so in red, and where a Catch node hears it. */
export function showFailure(RED: NodeAPI, node: Node, error: unknown, message?: NodeMessage): void {
  createStatus(RED, node)("bad", "node-red:common.status.error", true);
  tellFailure(RED, node, error, message);
}
