import type { Bus } from "@skein/bus";
import type { birth, DataOf, metrics, VerdictData } from "@skein/contracts";

/** Raised when a node package and the bus package no longer fit together; checked at run time. */
export const BUS_NODE_INTERFACE = 1;

/** What a `skein-bus` config node offers to every other Skein node, in the flow host and in a stock Node-RED. */
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
}

/** Verdicts as a flow may use them: every one is `unknown` while no leader judges. */
export interface FleetView {
  /** True once the first full picture is there; before it nothing is an edge. */
  readonly ready: boolean;
  list(): readonly FleetMember[];
  verdict(id: string): VerdictData | undefined;
  /** A change of state that happened now; never replayed state, a redeploy, a leader that came back. */
  onTransition(listener: (member: FleetMember, before: VerdictData | undefined) => void): () => void;
  /** Anything a status line shows may have changed, edges or not. */
  onChange(listener: () => void): () => void;
  onMetrics(listener: (member: FleetMember, data: DataOf<typeof metrics>) => void): () => void;
  /** @throws SkeinError FOLLOWER_UNKNOWN, REQUEST_TIMEOUT */
  setMaintenance(id: string, forMs: number): Promise<void>;
}
