/**
 * What a node says before its flow stands is lost: the nodes behind it are not made yet. So it waits for that, which takes
 * some ms: what was missed during a deploy, the first picture, kept state that the bus replays at once.
 */
import type { Node, NodeAPI, NodeMessage } from "node-red";

export type Output = NodeMessage | (NodeMessage | NodeMessage[] | null)[];

export interface Sender {
  (output: Output): void;
  /** For the node's close. */
  stop(): void;
}

export function createSender(RED: NodeAPI, node: Node): Sender {
  let waiting: Output[] | undefined = [];
  const stop = onceStarted(RED.events, () => {
    const all = waiting ?? [];
    waiting = undefined;
    for (const output of all) node.send(output);
  });
  const send = (output: Output) => {
    if (waiting) waiting.push(output);
    else node.send(output);
  };
  return Object.assign(send, { stop });
}

type Events = NodeAPI["events"];

const waitingFor = new WeakMap<Events, Set<() => void>>();

/** One listener for all who wait: from the eleventh on Node.js would warn of a leak. The returned function waits no longer. */
function onceStarted(events: Events, started: () => void): () => void {
  const waiting = waitingFor.get(events) ?? listen(events);
  waiting.add(started);
  return () => void waiting.delete(started);
}

function listen(events: Events): Set<() => void> {
  const waiting = new Set<() => void>();
  waitingFor.set(events, waiting);
  events.once("flows:started", () => {
    waitingFor.delete(events);
    for (const started of waiting) started();
  });
  return waiting;
}
