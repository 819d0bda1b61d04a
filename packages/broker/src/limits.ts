/** How much the embedded broker takes from one client and from all of them. */
import { MAX_MESSAGE_BYTES } from "@skein/contracts";

export interface BrokerLimits {
  /** Largest packet, bytes. Default: the largest message of the house and 1 KiB for its topic. */
  readonly maxPacketBytes: number;
  /** New connections per second in the long run, and at once. Default 1000 and 12000: ten thousand followers come back together. */
  readonly connectionsPerS: number;
  readonly connectionBurst: number;
  /** How long a connection may stay without CONNECT, and one by TLS in its handshake before, ms. Default 10 s. */
  readonly connectTimeoutMs: number;
  /** Unacknowledged messages kept for one session; beyond, the oldest goes. Default 10000. */
  readonly maxQueued: number;
  /** The same in bytes. Default 64 MiB. */
  readonly maxQueuedBytes: number;
  /** A session that was not connected for so long is forgotten with its queue, ms. Default 7 days. */
  readonly sessionMs: number;
  /** Waiting in one connection's socket: beyond the first, telemetry is dropped (1 MiB); beyond the second it is cut off (16 MiB). */
  readonly maxUnsentTelemetryBytes: number;
  readonly maxUnsentBytes: number;
}

export const defaultLimits: BrokerLimits = {
  maxPacketBytes: MAX_MESSAGE_BYTES + 1024,
  connectionsPerS: 1000,
  connectionBurst: 12_000,
  connectTimeoutMs: 10_000,
  maxQueued: 10_000,
  maxQueuedBytes: 64 * 1024 * 1024,
  sessionMs: 7 * 24 * 3_600_000,
  maxUnsentTelemetryBytes: 1024 * 1024,
  maxUnsentBytes: 16 * 1024 * 1024,
};
