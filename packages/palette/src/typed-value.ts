/** A typedInput's value at run time: msg, flow, global, env, JSONata and the plain kinds. */
import type { Node, NodeAPI, NodeMessage } from "node-red";

export function typedValue(
  RED: Pick<NodeAPI, "util">,
  node: Node,
  value: string,
  type: string,
  message: NodeMessage,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    RED.util.evaluateNodeProperty(value, type, node, message as never, (error: Error | null, result: unknown) =>
      error ? reject(error) : resolve(result),
    );
  });
}
