/**
 * The link to the bus as a node's status, in Node-RED's own words. Like Node-RED's own nodes it names them by their key: each
 * editor shows them in its own language, whatever the runtime's is.
 */
import type { Bus, LinkState } from "@skein/bus";
import { createStatus, tellFailure, type FollowerChoice } from "@skein/palette";
import type { Node, NodeAPI, NodeMessage } from "node-red";

/** What a node listens to: the filter, and whom it chose. */
interface Listening {
  readonly filter: string;
  readonly whom: readonly FollowerChoice[];
}

/** Shows it from now on, what the broker refuses of what the node listens to, and rooms that are not there; the returned function stops. */
export function showLink(RED: NodeAPI, node: Node, bus: Bus, listening?: Listening): () => void {
  let link: LinkState = bus.link;
  let refused = false;
  const look = () => {
    if (refused) return;
    if (link.up && listening?.whom.some(({ lacksRoom }) => lacksRoom))
      createStatus(RED, node)("doubt", RED._("in.status.noRoom"), true);
    else showLinkNow(RED, node, link);
  };
  const stops = [
    bus.onLink((now) => {
      link = now;
      refused = false;
      look();
    }),
    ...(listening?.whom ?? []).map((choice) => choice.onChange(look)),
    // Told after each link up for as long as it is so.
    bus.onRefused(({ action, topic, error }) => {
      if (action !== "read" || topic !== listening?.filter) return;
      refused = true;
      showFailure(RED, node, error, { topic });
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
