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
  const started = () => {
    const all = waiting ?? [];
    waiting = undefined;
    for (const output of all) node.send(output);
  };
  RED.events.once("flows:started", started);
  const send = (output: Output) => {
    if (waiting) waiting.push(output);
    else node.send(output);
  };
  return Object.assign(send, { stop: () => void RED.events.off("flows:started", started) });
}
