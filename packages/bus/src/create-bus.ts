import type { Clock, IdSource, Logger, Random } from "@skein/kit";
import type { Bus } from "./bus";
import type { CommandJournal } from "./command-journal";
import type { Transport } from "./transport";

export interface BusOptions {
  /** A follower's id, `leader`, or a flow host's id. */
  readonly id: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger?: Logger;
  /**
   * `follower`: keeps `followers/{id}/presence` (online, leaving, and lost as its will); `leader`: the same with `leader/status`;
   * `none`: a flow host, a tool.
   */
  readonly presence?: { readonly as: "follower" } | { readonly as: "leader"; readonly version: string; readonly epoch: number } | { readonly as: "none" };
  /** Where carried-out commands are written down; in memory when left out. */
  readonly journal?: CommandJournal;
  /** Most events and commands kept while away. Default 1000. */
  readonly maxQueued?: number;
}

/** Builds the typed bus over one transport and starts connecting; it connects and reconnects for ever. */
export declare function createBus(options: BusOptions): Bus;

export interface BusAddress {
  /** `mqtt://`, `mqtts://`, `ws://`, `wss://`, `redis://`, `rediss://`, or `memory:NAME` (one process; for tests). */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM texts. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly rejectUnauthorized?: boolean };
  /** Stable for a participant: `skein-{id}`. */
  readonly clientId: string;
  /** Redis: whether this one turns expired keys into wills. The leader does. */
  readonly reaper?: boolean;
  /** MQTT keep-alive, s. Default 10. */
  readonly keepAliveS?: number;
}

/** The transport for an address. @throws SkeinError BUS_ADDRESS_INVALID */
export declare function createTransport(address: BusAddress, parts: { clock: Clock; random: Random; logger?: Logger }): Transport;
