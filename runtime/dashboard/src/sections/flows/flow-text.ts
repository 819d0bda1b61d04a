import type { FlowNode } from "@skein/contracts";

/** The flow nodes that a text is, or why it is none. Pure; the leader checks again what is in them. */
export function flowNodesOf(text: string): readonly FlowNode[] | "no-json" | "no-flows" {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "no-json";
  }
  // This page exports the list itself; Node-RED's admin API wraps it.
  const list: unknown = Array.isArray(value) ? value : (value as { flows?: unknown } | null)?.flows;
  return Array.isArray(list) && list.length > 0 && list.every(isNode) ? list : "no-flows";
}

function isNode(value: unknown): value is FlowNode {
  const { id, type } = (value ?? {}) as { id?: unknown; type?: unknown };
  return typeof id === "string" && typeof type === "string";
}
