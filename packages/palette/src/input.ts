/** Answers every input once: `done()` after what it asked for is acknowledged, `done(error)` with an Error that has a code. */
import { hasCode, messageOf } from "@skein/kit";
import type { Node, NodeMessage, NodeMessageInFlow } from "node-red";

export type Send = (message: NodeMessage | (NodeMessage | NodeMessage[] | null)[]) => void;
export type InputHandler = (message: NodeMessageInFlow, send: Send) => Promise<void> | void;

export function onInput(node: Node, handler: InputHandler): void {
  node.on("input", (message, send, done) => {
    const handle = async () => {
      let failure: (Error & { code: string }) | undefined;
      try {
        await handler(message, send);
      } catch (error) {
        failure = withCode(error);
      }
      done(failure);
    };
    void handle();
  });
}

/** Catch nodes see `error.code`; what has none of its own gets NODE_FAILED, and strings become Errors. */
export function withCode(error: unknown): Error & { code: string } {
  if (hasCode(error) && Object.hasOwn(error, "code")) return error;
  const wrapped = error instanceof Error ? error : new Error(messageOf(error));
  return Object.assign(wrapped, hasCode(error) ? { code: error.code } : { code: "NODE_FAILED" });
}

/** Ends a node's business within `ms`, whatever it waits for: Node-RED holds a whole deploy for 15 s otherwise. */
export function onClose(
  node: Node,
  clock: { setTimer(callback: () => void, ms: number): () => void },
  close: (removed: boolean) => Promise<void> | void,
  ms = 2000,
): void {
  node.on("close", (removed: boolean, done: () => void) => {
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      cancel();
      done();
    };
    const cancel = clock.setTimer(end, ms);
    (async () => close(removed))().then(end, end);
  });
}
