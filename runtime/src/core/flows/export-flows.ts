/** The flows, or one tab with all that it needs, as they can be imported elsewhere. Pure. */
import type { FlowNode } from "@skein/contracts";
import { SkeinError } from "@skein/kit";

/** `tab`: the id of a tab (or subflow); left out: everything. @throws SkeinError TAB_UNKNOWN */
export function exportFlows(flows: readonly FlowNode[], tab?: string): FlowNode[] {
  if (tab === undefined) return [...flows];
  const sheets = new Set(["tab", "subflow"]);
  if (!flows.some(({ id, type }) => id === tab && sheets.has(type)))
    throw new SkeinError("TAB_UNKNOWN", `there is no tab "${tab}".`);
  const byId = new Map(flows.map((node) => [node.id, node]));
  const taken = new Set<string>();
  const waiting = [tab];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const node = byId.get(id);
    if (!node || taken.has(id)) continue;
    taken.add(id);
    // What lies on it, and what it names: configuration nodes, subflows. Not what it only links to on another tab.
    if (sheets.has(node.type)) for (const { id: on, z } of flows) if (z === id) waiting.push(on);
    for (const text of textsIn(node)) {
      const named = byId.get(text.replace(/^subflow:/, ""));
      if (named && (named.type === "subflow" || (named["z"] ?? "") === "") && named.type !== "tab")
        waiting.push(named.id);
    }
  }
  return flows.filter(({ id }) => taken.has(id));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
