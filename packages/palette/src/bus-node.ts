/** What a `skein-bus` config node offers to every other Skein node, and how such a node finds its bus. */
import type { Bus } from "@skein/bus";
import type { birth, DataOf, Envelope, metrics, VerdictData } from "@skein/contracts";
import { SkeinError, type Clock } from "@skein/kit";
import type { NodeAPI } from "node-red";

/** Raised when a node package and the bus package no longer fit together; checked at run time. */
export const BUS_NODE_INTERFACE = 1;

/** In the flow host and in a stock Node-RED alike. */
export interface SkeinBusNode {
  readonly skeinInterface: typeof BUS_NODE_INTERFACE;
  readonly bus: Bus;
  /** The fleet as the leader judges it, or as this node judges when told to ("judge here"). Made at first use. */
  readonly fleet: FleetView;
}

export interface FleetMember {
  readonly id: string;
  readonly name: string;
  readonly virtual: boolean;
  readonly verdict: VerdictData;
  readonly birth?: DataOf<typeof birth>;
  /** The message that the verdict came in; absent when nobody has said one. */
  readonly source?: Source;
}

/** Where something was heard, for `msg.skein`: an envelope, or the part of one that is known. */
export type Source = Pick<Envelope, "id" | "at" | "from" | "trace" | "causes">;

/** Verdicts as a flow may use them: every one is `unknown` while no leader judges. */
export interface FleetView {
  /** True once somebody judges; before it nothing is an edge. */
  readonly ready: boolean;
  /** The same for a view and for those that follow it when a deploy makes its bus anew; without one the view stands for itself. */
  readonly lineage?: object;
  /** Whether somebody judges now: the leader is heard, or this node judges by itself. */
  readonly judged: boolean;
  /** Sorted by id. */
  list(): readonly FleetMember[];
  get(id: string): FleetMember | undefined;
  verdict(id: string): VerdictData | undefined;
  /** A change of state that happened: never replayed state, a redeploy, a leader that came back (edges.ts says which). */
  onTransition(listener: (member: FleetMember, before: VerdictData | undefined) => void): () => void;
  /** Anything a status line shows may have changed, edges or not. */
  onChange(listener: () => void): () => void;
  onMetrics(listener: (member: FleetMember, data: DataOf<typeof metrics>, source: Source) => void): () => void;
  /** `forMs` 0 ends it. @throws SkeinError FOLLOWER_UNKNOWN, REQUEST_TIMEOUT, LEADER_ABSENT, BUS_DOWN */
  setMaintenance(id: string, forMs: number): Promise<void>;
}

/** What the flow host puts under `RED.settings.skein`; `house` is added by the bus package when it loads. */
export interface SkeinRedSettings {
  readonly bus?: Bus;
  /** Time, where a test moves it. */
  readonly clock?: Clock;
  house?: SkeinBusNode;
}

export const skeinSettings = (RED: NodeAPI): SkeinRedSettings | undefined =>
  (RED.settings as { skein?: SkeinRedSettings }).skein;

/**
 * The bus that a node was given; without one the house's own, so that a node works as it fell on the canvas.
 * @throws SkeinError BUS_NOT_CONFIGURED, BUS_NODE_OUTDATED
 */
export function busNodeOf(RED: NodeAPI, id: string | undefined): SkeinBusNode {
  // One that was chosen and is missing is an error: another bus in its place could act on another house.
  const found = id ? (RED.nodes.getNode(id) as Partial<SkeinBusNode> | null) : skeinSettings(RED)?.house;
  if (!found) {
    throw new SkeinError("BUS_NOT_CONFIGURED", "this node has no bus.", {
      hint: "Open it and choose a Skein bus; if there is none to choose, install @skein/node-red-bus.",
    });
  }
  if (found.skeinInterface !== BUS_NODE_INTERFACE) {
    throw new SkeinError("BUS_NODE_OUTDATED", "this node and @skein/node-red-bus do not fit together.", {
      hint: "Install both in the same version and restart Node-RED.",
    });
  }
  // A config node that could not be set up says why itself; asking it for its bus throws that.
  void found.bus;
  return found as SkeinBusNode;
}
