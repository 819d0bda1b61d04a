import type { Kind } from "@skein/contracts";
import type { SkeinError } from "@skein/kit";

/** What a transport can do by itself; what it cannot, the bus above it does without or makes up for. */
export interface TransportFeatures {
  /** Who publishes a will when a connection dies: the broker itself, or a peer that watches expiring keys (Redis). */
  readonly wills: "broker" | "reaper";
  /** Commands that expire are dropped on the way, not only refused on arrival. */
  readonly messageExpiry: boolean;
  /** A refused publish is told to the sender (MQTT 5 reason codes; in 3.1.1 by the embedded broker alone). */
  readonly reasonCodes: boolean;
}

export interface Will {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly kind: Kind;
}

export interface Incoming {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** It is the kept state of before, replayed at subscription, and no news. */
  readonly retained: boolean;
}

export type LinkState =
  /** `resumed: false`: the broker kept nothing for us while we were away, so nothing that comes now is old. */
  | { readonly up: true; readonly resumed?: boolean }
  /** `why` is for people: "connection refused", "not authorised". `code` is stable: BUS_UNREACHABLE, BUS_NOT_AUTHORISED, BUS_TAKEN_OVER, BUS_CLOSED. */
  | { readonly up: false; readonly code: string; readonly why: string };

export interface TransportHandlers {
  /** Called before every attempt to connect: a new session begins, with a will of its own. */
  will(): Will | undefined;
  onMessage(message: Incoming): void;
  /** `up: true` when the connection stands and every subscription has been made again. */
  onLink(state: LinkState): void;
  /**
   * The broker does not let us read a filter that was asked for while there was no link; after each `onLink` with `up: true`. The
   * filter stays remembered, since access rules may change.
   */
  onRefused?(filter: string, error: SkeinError): void;
}

/**
 * One technology. It connects and reconnects for ever by itself (jittered), keeps its subscriptions over reconnects, keeps
 * event and command subscriptions of a stable client id while away (a persistent session), and moves bytes. It buffers
 * nothing outgoing: that is the bus's work, by kind.
 */
export interface Transport {
  readonly name: "mqtt" | "redis" | "memory";
  /** Valid once a link is up. */
  readonly features: TransportFeatures;
  start(handlers: TransportHandlers): void;
  /**
   * Resolves when the other side has it (QoS 1 kinds) or when it was handed over (QoS 0 kinds).
   * @throws SkeinError BUS_DOWN when there is no link, BUS_REFUSED when the broker says no
   */
  publish(topic: string, payload: Uint8Array, options: { kind: Kind; expiresInMs?: number }): Promise<void>;
  /**
   * MQTT filter syntax. Kept state that matches is delivered as `retained`, also when asked for again. Remembered and made at the
   * connection while there is none. @throws SkeinError BUS_REFUSED when the broker says no, BUS_DOWN when the link fell (it is remembered)
   */
  subscribe(filter: string): Promise<void>;
  unsubscribe(filter: string): Promise<void>;
  /** Waits for what is in flight, then closes so that no will is sent. */
  close(): Promise<void>;
  /** Cuts the connection as a crash would, so that the will is sent. For tests and for a process that must die. */
  kill(): void;
}
