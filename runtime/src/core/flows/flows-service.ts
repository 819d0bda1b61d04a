/** The flows as core serves them: read, deployed, exported, imported; and a snapshot of them at every deploy, whoever made it. */
import type { Bus } from "@skein/bus";
import {
  FLOW_HOST_ID,
  flowDeployed,
  type FlowNode,
  type FlowsDeployment,
  type FlowsDiff,
  type FlowsView,
  type SnapshotView,
} from "@skein/contracts";
import { hasCode, messageOf, type Logger, type Random } from "@skein/kit";
import type { Actor } from "../auth/actor";
import type { EventSink, OnChanged } from "../event-sink";
import { createDamagedFlows } from "./damaged-flows";
import { diffFlows } from "./diff";
import { exportFlows } from "./export-flows";
import { importFlows } from "./import-flows";
import type { NodeRedClient, Wanting } from "./node-red-client";
import { refuseUnknownTypes } from "./node-types";
import type { Snapshots } from "./snapshots";

export interface Deploy {
  readonly flows: readonly FlowNode[];
  readonly rev?: string | undefined;
  readonly deployment: "full" | "nodes" | "flows";
  readonly note?: string | undefined;
}

export interface FlowsService {
  /** @throws SkeinError FLOW_HOST_AWAY */
  current(): Promise<FlowsView>;
  /** @throws SkeinError FLOWS_CHANGED, FLOWS_REFUSED, FLOW_TYPES_MISSING, FLOW_HOST_AWAY */
  deploy(actor: Actor, what: Deploy): Promise<{ rev: string }>;
  /** @throws SkeinError TAB_UNKNOWN, FLOW_HOST_AWAY */
  export(tab?: string): Promise<FlowNode[]>;
  /** @throws SkeinError as `deploy` */
  import(
    actor: Actor,
    what: { flows: readonly FlowNode[]; note?: string | undefined },
  ): Promise<{ rev: string; added: string[]; reused: string[] }>;
  snapshots(): SnapshotView[];
  /** @throws SkeinError SNAPSHOT_UNKNOWN, SNAPSHOT_UNREADABLE */
  snapshot(id: string): Promise<SnapshotView & { flows: FlowNode[] }>;
  /** @throws SkeinError SNAPSHOT_UNKNOWN, SNAPSHOT_UNREADABLE */
  diff(from: string, to: string): Promise<FlowsDiff>;
  /** Credentials of nodes that are there stay; those of nodes that were taken away since are gone. @throws SkeinError as `deploy` and `snapshot` */
  rollBack(actor: Actor, id: string): Promise<{ rev: string }>;
  /** The flow host is up: takes a snapshot when it has other flows than the last one. Never fails. */
  look(): Promise<void>;
  close(): Promise<void>;
}

export interface FlowsServiceParts {
  readonly bus: Pick<Bus, "subscribe">;
  readonly nodeRed: NodeRedClient;
  readonly kept: Snapshots;
  readonly random: Pick<Random, "bytes">;
  readonly now: () => number;
  readonly events: EventSink;
  readonly onChanged: OnChanged;
  /** What somebody has to hear of at once. */
  readonly onBad: (text: string) => void;
  readonly logger: Logger;
}

export async function createFlowsService(parts: FlowsServiceParts): Promise<FlowsService> {
  const { nodeRed, kept, random, events, onChanged, logger } = parts;
  const take = async ({ cause, rev, by, address, note, aside }: FlowsDeployment, at: number): Promise<void> => {
    if (aside !== undefined) damaged.heard(aside);
    if (await damaged.putBack()) return;
    if (cause === "start" && kept.latestRev === rev) return;
    const isFirst = kept.latestRev === undefined;
    const { flows, rev: now } = await nodeRed.flows();
    // When somebody has deployed again since, what they deployed comes with its own message.
    if (now === rev || cause === "start") await kept.take({ flows, rev: now, at, by: by?.id, note });
    onChanged("flows");
    if (cause === "start" && isFirst) return;
    events.add({
      at,
      type: "flows-deployed",
      severity: "notice",
      text: by ? `${by.name} deployed the flows` : "The flows are others than they were",
      subject: { kind: "flows", id: rev.slice(0, 128) },
      audit: true,
      ...(by && { actor: by.id }),
      ...(address !== undefined && { address }),
      data: { rev, nodes: flows.length, ...(note !== undefined && { note }) },
    });
  };
  const damaged = createDamagedFlows({
    nodeRed,
    kept,
    rollBack: (id) => rollBack(LEADER, id),
    events,
    onBad: parts.onBad,
  });
  // One after the other: the order of the snapshots is that of the deploys.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (what: FlowsDeployment, at: number): Promise<void> =>
    (last = last
      .then(() => take(what, at))
      .catch((error: unknown) => {
        // Node-RED tells of its flows before it can be asked for them: `look` comes when it is up.
        if (what.cause === "start" && hasCode(error, "FLOW_HOST_AWAY")) return;
        logger.error({ err: error }, `no snapshot could be taken: ${messageOf(error)}`);
      }));
  const stop = await parts.bus.subscribe(flowDeployed, { host: FLOW_HOST_ID }, ({ data, envelope }) => {
    void inTurn(data, envelope.at);
  });

  const deploy = async (actor: Actor, { flows, rev, deployment, note }: Deploy): Promise<{ rev: string }> => {
    const [before, known] = await Promise.all([nodeRed.flows(), nodeRed.types()]);
    refuseUnknownTypes(flows, { known, before: before.flows });
    return { rev: await nodeRed.deploy({ flows, rev: rev ?? before.rev, deployment }, wantingOf(actor, note)) };
  };
  const rollBack = async (actor: Actor, id: string) => {
    const { flows, at } = await snapshot(id);
    return deploy(actor, { flows, deployment: "full", note: `back to ${new Date(at).toISOString().slice(0, 16)}Z` });
  };
  const snapshot = async (id: string) => ({ ...kept.view(id), flows: await kept.read(id) });
  return {
    current: () => nodeRed.flows(),
    deploy,
    export: async (tab) => exportFlows((await nodeRed.flows()).flows, tab),
    async import(actor, { flows: theirs, note }) {
      const { flows: ours, rev } = await nodeRed.flows();
      const { flows, added, reused } = importFlows(ours, theirs, () => Buffer.from(random.bytes(8)).toString("hex"));
      const deployed = await deploy(actor, { flows, rev, deployment: "flows", note: note ?? "an import" });
      return { ...deployed, added: [...added], reused: [...reused] };
    },
    snapshots: () => kept.list(),
    snapshot,
    async diff(from, to) {
      const [before, after] = await Promise.all([kept.read(from), kept.read(to)]);
      return { from, to, changes: diffFlows(before, after) };
    },
    rollBack,
    async look() {
      try {
        const { rev } = await nodeRed.flows();
        await inTurn({ rev, cause: "start" }, parts.now());
      } catch (error) {
        logger.warn({ err: error }, `the flows could not be looked at: ${messageOf(error)}`);
      }
    },
    async close() {
      await stop();
      await last;
    },
  };
}

/** For what the leader does by itself. */
const LEADER: Actor = {
  by: "nobody",
  account: { id: "leader", name: "The leader", role: "designer" },
  scopes: [],
  address: "",
};

const wantingOf = ({ account, address }: Actor, note: string | undefined): Wanting => ({
  ...(account && { account: { id: account.id, name: account.name, role: account.role } }),
  ...(address !== "" && { address }),
  ...(note !== undefined && { note }),
});
