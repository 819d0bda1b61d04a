/**
 * What was asked with buttons and is not answered: the message that asked is kept, so that the answer bears its other properties. In
 * the node's context, so that with a context store on disk it outlives a restart; else an answer comes without them.
 */
import type { Node, NodeMessage } from "node-red";

const KEY = "asked";
/** Node-RED empties a node's context at every deploy of it, unless a context store is set up: over a deploy this keeps it. */
const overDeploy = new Map<string, Kept>();
/** The oldest go first: the leader keeps no more notices than 200. */
const MAX_ASKED = 100;
const MAX_PROPERTY_BYTES = 16 * 1024;

type Kept = Record<string, { message: NodeMessage; answered?: boolean }>;

export interface Asked {
  add(mark: string, message: NodeMessage): void;
  /** The message that asked; `answered` when somebody was before. Undefined when it is not known (any more). */
  get(mark: string): { readonly message: NodeMessage; readonly answered?: boolean } | undefined;
  answered(mark: string): void;
  /** The node goes: for good, or to be made anew. */
  close(removed: boolean): void;
}

export async function openAsked(node: Node): Promise<Asked> {
  const context = node.context();
  const before = overDeploy.get(node.id);
  overDeploy.delete(node.id);
  const stored: Kept = await new Promise((resolve) => {
    // A store that fails keeps nothing; the buttons work all the same.
    context.get(KEY, (error: Error | null, value: unknown) =>
      resolve(!error && typeof value === "object" && value !== null ? (value as Kept) : {}),
    );
  });
  let kept: Kept = { ...stored, ...before };
  const save = () =>
    context.set(KEY, kept, (error?: Error | null) => {
      if (error) node.warn(`what is asked could not be kept: ${error.message}`);
    });
  return {
    add(mark, message) {
      kept = Object.fromEntries(
        [...Object.entries(kept), [mark, { message: portable(message) }] as const].slice(-MAX_ASKED),
      );
      save();
    },
    get: (mark) => kept[mark],
    answered(mark) {
      if (!kept[mark]) return;
      // What came with it is given back once; that it was answered is remembered.
      kept = { ...kept, [mark]: { message: {}, answered: true } };
      save();
    },
    close(removed) {
      if (!removed && Object.keys(kept).length > 0) overDeploy.set(node.id, kept);
    },
  };
}

/** What can lie in a file: no request that waits for its answer, no picture, no megabytes. */
export function portable(message: NodeMessage): NodeMessage {
  return Object.fromEntries(
    Object.entries(message).filter(([name, value]) => {
      if (name === "req" || name === "res" || value instanceof Uint8Array) return false;
      try {
        const text = JSON.stringify(value) as string | undefined;
        return text !== undefined && text.length <= MAX_PROPERTY_BYTES;
      } catch {
        return false;
      }
    }),
  );
}
