/** Messages out of a node, from its first moment on: what was missed during a deploy, kept state that the bus replays at once. */
import type { Node, NodeAPI, NodeMessage } from "node-red";
import { whenStarted } from "./started";

export type Output = NodeMessage | (NodeMessage | NodeMessage[] | null)[];
export type Sender = (output: Output) => void;

export function createSender(RED: Pick<NodeAPI, "events">, node: Node): Sender {
  const started = whenStarted(RED, node);
  return (output) => started(() => node.send(output));
}
