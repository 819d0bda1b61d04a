/**
 * Flow JSON of somewhere else beside the flows that are here, as the editor's "import a copy" does it: what has an id that is taken gets
 * a new one, everywhere it is named; a configuration node that is here already, same id and type, is used and not brought again. Pure
 * but for the ids.
 */
import type { FlowNode } from "@skein/contracts";

export interface Imported {
  /** Ours, untouched, and then theirs. */
  readonly flows: FlowNode[];
  /** Ids as they now are, of what came in. */
  readonly added: readonly string[];
  /** Of configuration nodes that were here already. */
  readonly reused: readonly string[];
}

/** `newId`: 16 hexadecimal digits, as Node-RED's editor makes them. */
export function importFlows(ours: readonly FlowNode[], theirs: readonly FlowNode[], newId: () => string): Imported {
  const here = new Map(ours.map((node) => [node.id, node]));
  const isHere = (node: FlowNode): boolean => {
    if (!isConfig(node)) return false;
    // A file has one of these: it says which modules are used, and which variables there are for all tabs.
    if (node.type === "global-config") return ours.some(({ type }) => type === "global-config");
    return here.get(node.id)?.type === node.type;
  };
  const reused = theirs.filter(isHere);
  const incoming = theirs.filter((node) => !isHere(node));
  const taken = new Set([...here.keys(), ...theirs.map(({ id }) => id)]);
  const fresh = (): string => {
    for (;;) {
      const id = newId();
      if (!taken.has(id)) return (taken.add(id), id);
    }
  };
  const renamed = new Map<string, string>();
  for (const { id } of incoming) if (here.has(id) && !renamed.has(id)) renamed.set(id, fresh());
  const added = incoming.map((node) => rename(node, renamed) as FlowNode);
  return { flows: [...ours, ...added], added: added.map(({ id }) => id), reused: reused.map(({ id }) => id) };
}

/** Node-RED's ids are unique and say nothing, so whatever text is exactly one names that node: in wires, links, groups, configuration. */
function rename(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return renamed.get(value) ?? subflowOf(value, renamed) ?? value;
  if (Array.isArray(value)) return value.map((item) => rename(item, renamed));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rename(item, renamed)]));
}

/** An instance's type names its subflow. */
function subflowOf(text: string, renamed: ReadonlyMap<string, string>): string | undefined {
  const id = text.startsWith("subflow:") ? renamed.get(text.slice("subflow:".length)) : undefined;
  return id === undefined ? undefined : `subflow:${id}`;
}

/** It lies on no sheet; tabs, groups and subflows are no configuration. */
const isConfig = (node: FlowNode): boolean =>
  !["tab", "subflow", "group", "junction"].includes(node.type) && (node["x"] === undefined || node["y"] === undefined);
