/** One line under a node, always the same way: a dot is connected, a ring is pending; grey is "nobody knows", never "bad". */
import type { Node, NodeAPI } from "node-red";
import { whenStarted } from "./started";

export type Tone = "good" | "doubt" | "bad" | "unknown";

const FILL = { good: "green", doubt: "yellow", bad: "red", unknown: "grey" } as const;
/** Node-RED shows more, but it runs into the next node. */
export const STATUS_LENGTH = 19;

/** What the editor itself looks up. */
const KEY = /^node-red:[\w.]+$/;

export const fit = (text: string): string =>
  text.length <= STATUS_LENGTH || KEY.test(text) ? text : `${text.slice(0, STATUS_LENGTH - 1)}…`;

/** Sets a node's status, only when it is another than before: each one travels to every open editor. */
export function createStatus(
  RED: Pick<NodeAPI, "events">,
  node: Node,
): { (tone: Tone, text: string, pending?: boolean): void } {
  const started = whenStarted(RED, node);
  let shown = "";
  return (tone, text, pending = false) => {
    const status = { fill: FILL[tone], shape: pending ? ("ring" as const) : ("dot" as const), text: fit(text) };
    const next = JSON.stringify(status);
    if (next === shown) return;
    shown = next;
    started(() => node.status(status));
  };
}
