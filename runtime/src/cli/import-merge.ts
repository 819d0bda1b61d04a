/**
 * Their flows beside ours: nothing of ours is lost, and importing the same folder again renews what came from it, because
 * Node-RED's ids are unique everywhere.
 */
import type { Credentials } from "./import-credentials";
import { propertyOf, type FlowNode } from "./import-source";

export interface House {
  readonly flows: readonly FlowNode[];
  readonly credentials: Credentials;
}

export interface Merged extends House {
  readonly added: number;
  /** Ours with the same id, replaced by theirs. */
  readonly replaced: number;
}

export function mergeFlows(ours: House, theirs: House): Merged {
  const incoming = new Map(theirs.flows.map((node) => [node.id, node]));
  // A file has one global-config: theirs goes into ours.
  const ourGlobal = ours.flows.find(({ type }) => type === "global-config");
  const theirGlobal = theirs.flows.find(({ type }) => type === "global-config");
  if (ourGlobal && theirGlobal) incoming.delete(theirGlobal.id);
  const kept = ours.flows.map((node) => {
    if (node === ourGlobal && theirGlobal) return mergeGlobal(node, theirGlobal);
    return incoming.get(node.id) ?? node;
  });
  const known = new Set(ours.flows.map(({ id }) => id));
  const added = [...incoming.values()].filter(({ id }) => !known.has(id));
  const replaced = [...incoming.keys()].filter((id) => known.has(id)).length;
  const credentials = { ...ours.credentials };
  for (const [id, value] of Object.entries(theirs.credentials)) if (incoming.has(id)) credentials[id] = value;
  // The secret ones of its variables lie here.
  const secrets = ourGlobal && theirGlobal && theirs.credentials[theirGlobal.id];
  if (secrets) credentials[ourGlobal.id] = mergeSecrets(credentials[ourGlobal.id], secrets);
  return { flows: [...kept, ...added], credentials, added: added.length, replaced };
}

interface Named {
  readonly name?: unknown;
}

function mergeGlobal(ours: FlowNode, theirs: FlowNode): FlowNode {
  const listOf = (value: unknown): Named[] => (Array.isArray(value) ? (value as Named[]) : []);
  const names = new Set(listOf(ours["env"]).map(({ name }) => name));
  return {
    ...ours,
    env: [...listOf(ours["env"]), ...listOf(theirs["env"]).filter(({ name }) => !names.has(name))],
    modules: { ...(theirs["modules"] as object | undefined), ...(ours["modules"] as object | undefined) },
  };
}

const mergeSecrets = (ours: unknown, theirs: unknown): object => ({
  ...(ours as object | undefined),
  map: { ...propertyOf(theirs, "map"), ...propertyOf(ours, "map") },
});
