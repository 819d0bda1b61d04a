import { z } from "zod";

/** Node-RED's own flow JSON: a list of nodes, tabs and configuration nodes. */
export const flowNode = z.looseObject({ id: z.string(), type: z.string() });
export type FlowNode = z.output<typeof flowNode>;
export const flowsView = z.object({
  /** Changes at every deploy; send it back with the next one. */
  rev: z.string(),
  flows: z.array(flowNode),
});
export type FlowsView = z.output<typeof flowsView>;
export const flowsDeploy = z.strictObject({
  flows: z.array(flowNode).max(20_000),
  /** The revision that it was made from: another one since then refuses it. */
  rev: z.string().optional(),
  /** What is restarted. */
  deployment: z.enum(["full", "nodes", "flows"]).default("full"),
  note: z.string().max(200).optional(),
});
export const flowsDeployed = z.object({ rev: z.string() });
export const flowsImport = z.strictObject({
  /** As Node-RED exports them. */
  flows: z.array(flowNode).min(1).max(20_000),
  note: z.string().max(200).optional(),
});
export const flowsImported = z.object({
  rev: z.string(),
  /** Ids of what came in, as they now are: new ones where theirs were taken. */
  added: z.array(z.string()),
  /** Of configuration nodes that were here already and are used. */
  reused: z.array(z.string()),
});

/** The flows as they were. One is taken at every deploy, whoever made it. */
export const snapshotView = z.object({
  id: z.string(),
  at: z.number(),
  rev: z.string(),
  /** Account, when known. */
  by: z.string().optional(),
  note: z.string().optional(),
  tabs: z.int(),
  nodes: z.int(),
  bytes: z.int(),
  /** These are the ones that run. */
  current: z.boolean(),
});
export type SnapshotView = z.output<typeof snapshotView>;
export const snapshotFull = snapshotView.extend({ flows: z.array(flowNode) });

export const flowChange = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string().optional(),
  /** The tab that it is on. */
  tab: z.string().optional(),
  what: z.enum(["added", "removed", "changed", "moved"]),
  /** Names of the properties that differ. */
  properties: z.array(z.string()).optional(),
});
export type FlowChange = z.output<typeof flowChange>;
/** From `from` to `to`; a move alone (x, y) is no change of what it does. */
export const flowsDiff = z.object({ from: z.string(), to: z.string(), changes: z.array(flowChange) });
export type FlowsDiff = z.output<typeof flowsDiff>;
