import type { PartState } from "./parts";
import type { ChildReport } from "@skein/kit/child-process";
import type { BrokerTls } from "@skein/broker";
import type { BusAddress } from "@skein/bus";
import type { LeaderSettings } from "../settings";

// The flow host declares its own init message.
export type { FlowHostInit } from "../flow-host/init";

/**
 * What the launcher and its children say to each other over Node's IPC channel. Settings and secrets come this way only,
 * never by the command line or the environment, where every user of the machine can read them.
 */

/** To the broker process. */
export interface BrokerInit {
  readonly type: "init";
  /** Its own directory. */
  readonly dataDir: string;
  /** Where it listens without TLS. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly tls?: BrokerTls;
  readonly usersFile: string;
}

/** To core. */
export interface CoreInit {
  readonly type: "init";
  readonly settings: LeaderSettings;
  /** The house's data directory; core keeps its own things in `core/`. */
  readonly dataDir: string;
  readonly version: string;
  readonly demo: boolean;
  /** The demo's lamps: those with a room are in it from the first start on. */
  readonly demoLamps?: readonly { readonly mac: string; readonly name: string; readonly room?: string }[];
  readonly bus: BusAddress;
  readonly flowHostSocket: string;
  /** With it core signs who is asking the flow host (flow-host/core-word.ts). New at every start of the launcher. */
  readonly flowHostKey: string;
  /** Decided by the launcher, so that a restarted core comes back on the same one. `broker` only when it is embedded. */
  readonly ports: { readonly http: number; readonly broker?: number; readonly brokerTls?: number };
  /** Who is on the bus as a part of the leader, this machine's follower and the demo's among them: nobody else's to take away. */
  readonly ownUsers: readonly string[];
}

/** To core, at every change. */
export interface PartsMessage {
  readonly type: "parts";
  readonly broker: PartState;
  readonly core: PartState;
  readonly flowHost: PartState;
  readonly safeMode: boolean;
}

/** How late an event loop was, ms. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** To core: how late that of another part was lately. Core measures its own. */
export interface LoopMessage extends LoopDelay {
  readonly type: "loop";
  readonly part: "broker" | "flowHost";
}

/** From a child. */
export type ChildMessage =
  | ChildReport
  /** From the broker and the flow host: since they said so last. */
  | ({ readonly type: "loop" } & LoopDelay)
  /** From core, in the demo only. */
  | { readonly type: "broker"; readonly action: "stop" | "start" }
  /** From core: nobody can log in by a password yet; this does, once. */
  | { readonly type: "setup-link"; readonly token: string }
  /** From the flow host: its owner deployed, so the flows run again. */
  | { readonly type: "safe-mode"; readonly on: boolean };
