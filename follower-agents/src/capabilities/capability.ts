import type { Bus } from "@skein/bus";
import type { DataOf, heartbeat, Sense } from "@skein/contracts";
import type { Clock, Logger } from "@skein/kit";
import type { z } from "zod";
import type { Host } from "../host/host";

/** A capability's own word on itself, as heartbeats carry it. */
export type Condition = DataOf<typeof heartbeat>["capabilities"][string];

/** What a capability is handed; it reaches for nothing else. */
export interface CapabilityParts {
  /** The follower's id: the first level of every topic that it writes. */
  readonly id: string;
  readonly bus: Bus;
  readonly host: Host;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How all capabilities are, by name: for whoever sends the heartbeat. */
  conditions(): Record<string, Condition>;
  /** Calls when one was switched on or off: worth telling before the next beat is due. @returns stops it */
  onSwitched(listener: () => void): () => void;
}

/** A capability at work. */
export interface RunningCapability<S> {
  condition(): Condition;
  /** Takes new settings at run time; they have passed the schema. Throwing keeps the old ones. */
  apply(settings: S): void;
  stop(): void | Promise<void>;
}

/**
 * One thing that a follower can do. A new one is a folder beside this file, its messages in packages/contracts and a line in
 * index.ts; its settings then stand under `capabilities:` of follower.yaml, in birth, and can be changed by command.
 */
export interface Capability<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Units, ranges and defaults; nothing secret (birth tells settings to the whole house). */
  readonly settings: S;
  /** What sees or hears people: it is stopped, and its condition `off`, while the house's privacy switch is on (privacy-guard.ts). */
  readonly sense?: Sense;
  /** Runs only where follower.yaml names it. Default: everywhere. */
  readonly optional?: boolean;
  /** For made-up hosts alone: on a real one follower.yaml is refused. */
  readonly virtualOnly?: boolean;
  start(parts: CapabilityParts, settings: z.output<S>): RunningCapability<z.output<S>>;
}

/** Lets TypeScript find S, and forgets it again so that capabilities fit into one list. */
export const defineCapability = <S extends z.ZodObject>(capability: Capability<S>): Capability =>
  capability as Capability;
