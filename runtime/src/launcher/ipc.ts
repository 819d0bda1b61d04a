import type { PartState } from "./parts";
import type { ChildReport } from "@skein/kit/child-process";
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
  readonly host: string;
  readonly port: number;
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
  readonly bus: BusAddress;
  readonly flowHostSocket: string;
  /** Decided by the launcher, so that a restarted core comes back on the same one. `broker` only when it is embedded. */
  readonly ports: { readonly http: number; readonly broker?: number };
}

/** To core, at every change. */
export interface PartsMessage {
  readonly type: "parts";
  readonly broker: PartState;
  readonly core: PartState;
  readonly flowHost: PartState;
  readonly safeMode: boolean;
}

/** From a child. */
export type ChildMessage =
  | ChildReport
  /** From core, in the demo only. */
  | { readonly type: "broker"; readonly action: "stop" | "start" }
  /** From the flow host: its owner deployed, so the flows run again. */
  | { readonly type: "safe-mode"; readonly on: boolean };
