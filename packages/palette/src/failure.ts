/** Where a node fails outside of an input, at its start above all: a Catch node hears it, and else it stands in the log. */
import type { Node, NodeAPI, NodeMessage } from "node-red";
import { withCode } from "./input";
import { whenStarted } from "./started";

/** Node-RED asks Catch nodes only about an error that comes with a message, so there is always one. */
export function tellFailure(RED: Pick<NodeAPI, "events">, node: Node, error: unknown, message: NodeMessage = {}): void {
  const failure = withCode(error);
  whenStarted(RED, node)(() => node.error(failure, message));
}
