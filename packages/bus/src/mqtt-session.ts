import type { IClientOptions, MqttClient } from "mqtt";
import type { BusAddress } from "./bus-address";
import type { Will } from "./transport";

/** Protocol levels as MQTT's CONNECT says them. */
export type MqttVersion = 5 | 4;

/**
 * How long a broker keeps what comes for us while we are away, s: always (MQTT 5 [3.1.2.11.2]), as on 3.1.1, until its own settings or
 * the follower's removal end it. Debian 12's Mosquitto, 2.0.11, at each reload lists a session that will expire once more (its issue 2404)
 * and crashes over it when its client comes back: the leader has it reload at each start.
 */
const SESSION_EXPIRY_S = 0xffff_ffff;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * One connection is one mqtt.js client that never reconnects by itself: nothing of an old session (its will, what was under
 * way) can leak into a new one; what must be said again is the bus's to say.
 */
export function clientOptions(address: BusAddress, version: MqttVersion, will: Will | undefined): IClientOptions {
  const { username, password, tls } = address;
  return {
    clientId: address.clientId,
    protocolVersion: version,
    protocolId: "MQTT",
    clean: false,
    keepalive: address.keepAliveS ?? 10,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // Else mqtt-packet builds 65,536 Buffers beforehand, 7 MB in every process.
    writeCache: false,
    ...(version === 5 ? { properties: { sessionExpiryInterval: SESSION_EXPIRY_S } } : {}),
    ...(will
      ? { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.kind === "state" } }
      : {}),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls?.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls?.key === undefined ? {} : { key: tls.key }),
    ...(tls?.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: tls.rejectUnauthorized }),
  };
}

/** Why a connection did not come about or ended, in our words. */
export interface LinkLoss {
  readonly code: "BUS_UNREACHABLE" | "BUS_NOT_AUTHORISED" | "BUS_TAKEN_OVER";
  readonly why: string;
  /** The broker does not speak this version: `certain` when it says so, `maybe` when it just hung up before CONNACK. */
  readonly version?: "certain" | "maybe";
}

/** Return codes of CONNACK: 3.1.1 (3.2.2.3) 1-5, MQTT 5 (3.2.2.2) from 128. */
const NOT_AUTHORISED = new Set([4, 5, 134, 135, 138, 140]);
/** Our client id is not for whom we log in as; trying again as we are does not help, as with a wrong password. */
const IDENTIFIER_REJECTED = new Set([2, 133]);
const OTHER_VERSION = new Set([1, 132]);
const TAKEN_OVER = 142;

/** Makes sense of what mqtt.js reports about a connection. */
export function watchLoss(client: MqttClient, websocket: boolean): () => LinkLoss {
  let error: (Error & { code?: string | number }) | undefined;
  let disconnectCode: number | undefined;
  // Nobody hung up on us where nobody was reached. A websocket stream does not say when it is; its failures bear an error.
  let reached = websocket;
  let accepted = false;
  client.on("error", (reported) => (error ??= reported));
  client.on("disconnect", ({ reasonCode }) => (disconnectCode = reasonCode));
  client.on("connect", () => (accepted = true));
  client.stream.once("connect", () => (reached = true));
  return () => {
    const code = error?.code;
    if (disconnectCode === TAKEN_OVER)
      return { code: "BUS_TAKEN_OVER", why: "another connection took over our client id" };
    if (typeof code === "number" && NOT_AUTHORISED.has(code))
      return { code: "BUS_NOT_AUTHORISED", why: `not authorised (${code})` };
    if (typeof code === "number" && IDENTIFIER_REJECTED.has(code))
      return {
        code: "BUS_NOT_AUTHORISED",
        why: `the broker does not take our client id ${client.options.clientId ?? ""} (${code})`,
      };
    if (typeof code === "number" && OTHER_VERSION.has(code))
      return { code: "BUS_UNREACHABLE", why: "the broker speaks another version of MQTT", version: "certain" };
    const why = describe(error, accepted);
    // A network error has a name for a code; a hang-up or an answer that cannot be read has none.
    return !accepted && reached && typeof code !== "string"
      ? { code: "BUS_UNREACHABLE", why, version: "maybe" }
      : { code: "BUS_UNREACHABLE", why };
  };
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "host not found",
  EAI_AGAIN: "host not found",
  EHOSTUNREACH: "host unreachable",
  ETIMEDOUT: "timed out",
};

/** How mqtt-packet begins what it says of bytes that are no packet: a web or SSH server answers so. */
const NO_PACKET = /^(Invalid|Malformed|Cannot parse|Packet (must|too)|Unknown property|Not supported)/;

function describe(error: (Error & { code?: string | number }) | undefined, accepted: boolean): string {
  if (!error) return accepted ? "connection lost" : "the broker hung up";
  if (!accepted && error.code === undefined && NO_PACKET.test(error.message))
    return "what answers there speaks no MQTT";
  return (typeof error.code === "string" ? WORDS[error.code] : undefined) ?? (error.message || String(error.code));
}
