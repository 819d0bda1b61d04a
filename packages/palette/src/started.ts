/**
 * What a node says before its flow stands is lost: the nodes behind it are not made yet, and neither are the lists of Catch and
 * Status nodes, which Node-RED fills when the last node of a flow is made (Flow.start in its runtime). At every deploy it
 * empties those lists in the flows that it leaves alone, too. So whatever a node says during a start (a message, an error, a
 * status) waits for its end, which takes some ms, and is dropped when the node is closed before.
 */
import type { Node, NodeAPI } from "node-red";

type Events = NodeAPI["events"];
/** Runs what it is given when the flows stand: at once, or at the end of the start under way. */
export type WhenStarted = (work: () => void) => void;

const starts = new WeakMap<Events, (node: Node) => WhenStarted>();

/** For a node that is being made: only then is it known that a start is under way. */
export const whenStarted = (RED: Pick<NodeAPI, "events">, node: Node): WhenStarted =>
  (starts.get(RED.events) ?? watchStarts(RED.events))(node);

/** One pair of listeners for all who wait: from the eleventh on Node.js would warn of a leak. */
function watchStarts(events: Events): (node: Node) => WhenStarted {
  const waiting = new Map<Node, (() => void)[]>();
  const known = new WeakSet<Node>();
  // A node is made only while flows start, and Node-RED said so before.
  let starting = true;
  events.on("flows:starting", () => (starting = true));
  events.on("flows:started", () => {
    starting = false;
    const all = [...waiting.values()].flat();
    waiting.clear();
    for (const work of all) work();
  });
  const waitOf = (node: Node) => (work: () => void) => {
    if (!starting) return work();
    const before = waiting.get(node);
    if (before) before.push(work);
    else waiting.set(node, [work]);
    if (known.has(node)) return;
    known.add(node);
    node.on("close", () => void waiting.delete(node));
  };
  starts.set(events, waitOf);
  return waitOf;
}
