import type { Bus } from "@skein/bus";
import type { DataOf, heartbeat, Sense } from "@skein/contracts";
import type { Clock, Logger, Random } from "@skein/kit";
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
  readonly random: Random;
  readonly logger: Logger;
  /** Of a follower that is itself a member of another one: undefined. */
  readonly members: Members | undefined;
  /** How all capabilities are, by name: for whoever sends the heartbeat. */
  conditions(): Record<string, Condition>;
  /** Calls when one was switched on or off: worth telling before the next beat is due. @returns stops it */
  onSwitched(listener: () => void): () => void;
}

/** Followers that live in this one's process, each with a connection, a login and a verdict of its own: boards behind a serial cable. */
export interface Members {
  /** @param file a follower.yaml; where relative, beside the agent's own. @throws SkeinError CONFIG_UNREADABLE, CONFIG_INVALID */
  load(file: string): PlannedMember;
}

export interface PlannedMember {
  readonly id: string;
  /** On the bus from now on. */
  start(life: MemberLife): Member;
}

export interface MemberLife {
  readonly host: Host;
  /** Of what runs in it: a board's firmware. */
  readonly version: string;
  /** The follower whose cable it hangs on. */
  readonly via: string;
  readonly capabilities: readonly Capability[];
  /** Somebody asked over the bus for a restart. */
  readonly onRestart: () => void;
}

export interface Member {
  /** Says that it leaves. */
  stop(): Promise<void>;
  /** Goes without a word, as a machine that lost its current. */
  kill(): void;
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
