import type { FlowNode, FlowsDiff, SnapshotView } from "@skein/contracts";
import type { Api } from "../../api/client";

/** What this section asks of the leader's API beside the list of snapshots (api/resources.ts). */
export type SnapshotFull = SnapshotView & { readonly flows: readonly FlowNode[] };

const at = (id: string) => `snapshots/${encodeURIComponent(id)}`;

export const fetchSnapshot = (api: Api, id: string): Promise<SnapshotFull> => api.get(at(id));
export const fetchDiff = (api: Api, from: string, to: string): Promise<FlowsDiff> =>
  api.get(`${at(from)}/diff/${encodeURIComponent(to)}`);
/** Deploys a snapshot in place of what runs. */
export const rollBack = (api: Api, id: string): Promise<void> => api.post(`${at(id)}/rollback`, {});
/** Adds the nodes to what runs, and deploys. */
export const importFlows = (api: Api, flows: readonly FlowNode[]): Promise<void> => api.post("flows/import", { flows });
