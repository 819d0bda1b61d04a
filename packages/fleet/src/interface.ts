/** What this package takes and offers; watch-fleet.ts does it. */
import type { Bus, Received } from "@skein/bus";
import type { birth, DataOf, heartbeat, metrics, VerdictData } from "@skein/contracts";
import type { Clock, Logger } from "@skein/kit";
import type { Limits } from "@skein/liveness";

/** Hard limits around what a follower's own rhythm teaches; units, formulas and defaults stand with `Limits` in packages/liveness. */
export type FleetLimits = { readonly [K in keyof Limits]?: Limits[K] | undefined };

/** What is known of one follower. */
export interface Watched {
  readonly id: string;
  readonly verdict: VerdictData;
  readonly birth?: DataOf<typeof birth>;
  readonly run?: string;
  readonly session?: string;
  /** The interval that it announced last, ms; worth remembering over a restart. */
  readonly beatMs?: number;
  readonly heartbeat?: DataOf<typeof heartbeat>;
  readonly metrics?: DataOf<typeof metrics>;
  readonly beatsReceived: number;
  readonly beatsMissed: number;
}

export interface FleetWatchOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger?: Logger;
  readonly limits?: FleetLimits;
  /** What was known before a restart: a follower in it starts as `unknown`, not as new, and no edge is fired for it. */
  readonly remembered?: readonly {
    readonly id: string;
    readonly verdict: VerdictData;
    readonly birth?: DataOf<typeof birth>;
    readonly run?: string;
    readonly session?: string;
    readonly beatMs?: number;
  }[];
  /** Ping suspects before they are called dead. Default true. */
  readonly ping?: boolean;
}

/** Somebody who listens to all followers and judges each: the leader's core, or a node told to "judge here". */
export interface FleetWatch {
  list(): readonly Watched[];
  get(id: string): Watched | undefined;
  /**
   * At every change of state or cause; `before` is undefined for a new one. An edge is a change against the last state that
   * was not `unknown`: out of `unknown` into what it was before, `since` is the old one.
   */
  onVerdict(listener: (watched: Watched, before: VerdictData | undefined) => void): () => void;
  /** At every heartbeat. */
  onBeat(listener: (id: string, at: number) => void): () => void;
  onMetrics(listener: (id: string, received: Received<typeof metrics>) => void): () => void;
  /** At every birth: name, capabilities or settings may have changed. */
  onBirth(listener: (watched: Watched) => void): () => void;
  /** forMs 0 ends it. @throws SkeinError FOLLOWER_UNKNOWN */
  setMaintenance(id: string, forMs: number): void;
  /**
   * Forgets one that is not alive, or, with `evenAlive`, one that the bus lets in no more.
   * @throws SkeinError FOLLOWER_UNKNOWN, FOLLOWER_ALIVE
   */
  forget(id: string, options?: { readonly evenAlive?: boolean }): void;
  close(): Promise<void>;
}
