import type { Clock, Logger, Random } from "@skein/kit";

/** Where a bus is, and who we are there. */
export interface BusAddress {
  /** `mqtt://`, `mqtts://`, `ws://`, `wss://`, `redis://`, `rediss://`, or `memory:NAME` (one process; for tests). */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM texts. */
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** Stable for a participant: `skein-{id}`. */
  readonly clientId: string;
  /** Redis: whether this one turns expired keys into wills. The leader does. */
  readonly reaper?: boolean;
  /** How long a silent connection is taken for alive, s: one and a half times that, as MQTT has it [MQTT-3.1.2-24]; Redis is asked as often. Default 10. */
  readonly keepAliveS?: number;
  /** MQTT: the longest wait before the next attempt to connect, ms. Default 15000; shorter for whoever is alone with its broker. */
  readonly maxBackoffMs?: number;
}

export interface TransportParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger?: Logger;
}
