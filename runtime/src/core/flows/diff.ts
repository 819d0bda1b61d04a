/** What is other in one set of flows than in another, node by node. Pure. */
import type { FlowChange, FlowNode } from "@skein/contracts";

/** Where a node lies on its sheet: no change of what it does. */
const PLACE = new Set(["x", "y", "w", "h"]);

/** In the order of `to`, then what is gone in the order of `from`. */
export function diffFlows(from: readonly FlowNode[], to: readonly FlowNode[]): FlowChange[] {
  const before = new Map(from.map((node) => [node.id, node]));
  const after = new Map(to.map((node) => [node.id, node]));
  const changes: FlowChange[] = [];
  for (const node of after.values()) {
    const old = before.get(node.id);
    if (!old) {
      changes.push({ ...nameOf(node), what: "added" });
      continue;
    }
    const properties = differing(old, node);
    if (properties.length === 0) continue;
    const what = properties.every((name) => PLACE.has(name)) ? "moved" : "changed";
    changes.push({ ...nameOf(node), what, properties });
  }
  for (const node of before.values()) if (!after.has(node.id)) changes.push({ ...nameOf(node), what: "removed" });
  return changes;
}

/** Names of the properties, `wires` among them, that are not equal, in alphabetical order. */
function differing(a: FlowNode, b: FlowNode): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => !isEqual(a[name], b[name])).toSorted();
}

/** Of JSON values; the order of an object's keys says nothing. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(
      (name) =>
        Object.hasOwn(b, name) && isEqual((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
    )
  );
}

function nameOf({ id, type, name, label, z }: FlowNode): Pick<FlowChange, "id" | "type" | "name" | "tab"> {
  const called = [name, label].find((text): text is string => typeof text === "string" && text !== "");
  return {
    id,
    type,
    ...(called !== undefined && { name: called }),
    ...(typeof z === "string" && z !== "" && { tab: z }),
  };
}
