/** A node that is dropped gets the bus that is there, or one that is made for it: the leader's, with nothing to be set. */
import type { EditorRED } from "node-red";

declare const RED: EditorRED;

interface ConfigNode {
  id: string;
  type: string;
  z?: string;
  d?: boolean;
  mode?: string;
}

/** For a node's `onadd`. */
export function preselectBus(node: { bus?: string; z?: string }): void {
  // One that was chosen stays, also when it is missing or named by ${VAR}: another could act on another house.
  if (node.bus) return;
  const id = findBus(node.z) ?? makeBus();
  if (id !== undefined) node.bus = id;
}

/** One that the node can use: not disabled, global or in the same subflow; the leader's before any other. */
function findBus(z: string | undefined): string | undefined {
  const found: ConfigNode[] = [];
  RED.nodes.eachConfig((config) => {
    const candidate = config as unknown as ConfigNode;
    if (candidate.type === "skein-bus" && !candidate.d && (!candidate.z || candidate.z === z)) found.push(candidate);
    return true;
  });
  return (found.find(({ mode }) => mode === "leader") ?? found[0])?.id;
}

function makeBus(): string | undefined {
  const definition = RED.nodes.getType("skein-bus") as { defaults?: Record<string, { value: unknown }> } | undefined;
  // Not installed: Node-RED itself says which type is missing.
  if (!definition) return undefined;
  const values = Object.entries(definition.defaults ?? {}).map(([key, { value }]) => [key, structuredClone(value)]);
  const id = RED.nodes.id();
  RED.nodes.add({
    ...Object.fromEntries(values),
    id,
    type: "skein-bus",
    _def: definition,
    users: [],
    valid: true,
    changed: true,
  } as never);
  return id;
}
