import { Socket } from "node:net";
import { type Kind, REFUSED_TOPIC } from "@skein/contracts";
import { type CancelTimer, type Clock, messageOf, type Random, SkeinError } from "@skein/kit";
import { connect, type IClientPublishOptions, type MqttClient } from "mqtt";
import type { BusAddress } from "./bus-address";
import { createRefusals } from "./mqtt-refusals";
import { clientOptions, type LinkLoss, type MqttVersion, watchLoss } from "./mqtt-session";
import { reconnectPace } from "./reconnect-pace";
import type { Transport, TransportFeatures, TransportHandlers, Will } from "./transport";

const BACKOFF = { baseMs: 250, maxMs: 15_000 };
/** Two programs under one client id throw each other off for ever: at least slowly, ms. */
const TAKEN_OVER_WAIT_MS = 5000;
/** A link may fall by chance just while the broker is asked what it refuses; one that falls twice in a row is hung up on for it. */
const FALLS_BEFORE_NOT_ASKED = 2;
/** Filters in one SUBSCRIBE packet. */
const FILTERS_AT_ONCE = 100;

/**
 * MQTT: 5 when the broker has it, else 3.1.1 (told by CONNACK, or by a hang-up before it). A persistent session under a stable
 * client id keeps events and commands while we are away; mqtt.js sends PUBACK after our listeners have returned, so one that
 * dies in a listener gets the message again.
 */
export function createMqttTransport(
  address: BusAddress,
  parts: { clock: Clock; random: Random },
  only?: MqttVersion,
): Transport {
  const filters = new Set<string>();
  const dropped = new Set<string>();
  const flying = new Set<(error: SkeinError) => void>();
  let version: MqttVersion = only ?? 5;
  /** Known for certain, by a connection that stood or a CONNACK that said so. */
  let settled = only !== undefined;
  let handlers: TransportHandlers | undefined;
  let client: MqttClient | undefined;
  let up = false;
  let ended = false;
  /** In 3.1.1 the broker is asked to tell us what it refuses: falls in a row just while it was being asked. */
  let fellWhileAsked = 0;
  const refusals = createRefusals();
  const pace = reconnectPace(parts, { ...BACKOFF, maxMs: address.maxBackoffMs ?? BACKOFF.maxMs });
  let cancelRetry: CancelTimer = () => {};

  const open = (): void => {
    if (ended || !handlers) return;
    const mine = dial(handlers.will());
    if (!mine) return;
    client = mine;
    // Messages are small and far apart: Nagle's algorithm would hold each back until the one before is acknowledged.
    if (mine.stream instanceof Socket) mine.stream.setNoDelay(true);
    const loss = watchLoss(mine, address.url.startsWith("ws"));
    mine.on("message", (topic, payload, packet) => {
      if (client !== mine) return;
      if (topic === REFUSED_TOPIC) refusals.note(payload.toString());
      else handlers?.onMessage({ topic, payload, retained: packet.retain });
    });
    mine.on("connect", ({ sessionPresent }) => void stand(mine, sessionPresent));
    mine.on("close", () => {
      if (client === mine) fell(loss());
    });
  };

  /** A certificate or key that is none makes node:tls throw at once. */
  const dial = (will: Will | undefined): MqttClient | undefined => {
    try {
      return connect(address.url, clientOptions(address, version, will));
    } catch (error) {
      fell({ code: "BUS_UNREACHABLE", why: messageOf(error) });
      return undefined;
    }
  };

  /** The broker accepted us: every subscription is made again before the link is called up. */
  const stand = async (mine: MqttClient, resumed: boolean): Promise<void> => {
    settled = true;
    refusals.begin();
    if (version === 4 && fellWhileAsked < FALLS_BEFORE_NOT_ASKED) {
      fellWhileAsked++;
      await mine.subscribeAsync(REFUSED_TOPIC).catch(() => undefined);
      if (client !== mine || !mine.connected) return;
      fellWhileAsked = 0;
    }
    const refused = new Map<string, SkeinError>();
    const made = new Set<string>();
    for (;;) {
      if (client !== mine || !mine.connected) return;
      // What was given up while we were away, or just now, the broker's session still holds.
      const over = [...dropped];
      const some = [...filters].filter((filter) => !made.has(filter)).slice(0, FILTERS_AT_ONCE);
      if (over.length > 0) {
        await mine.unsubscribeAsync(over).catch(() => undefined);
        if (client !== mine || !mine.connected) return;
        for (const filter of over) {
          dropped.delete(filter);
          made.delete(filter);
        }
      } else if (some.length > 0) {
        for (const filter of some) made.add(filter);
        // One that is refused takes no other with it.
        await mine.subscribeAsync(some, { qos: 1 }).catch((error: Error) => {
          for (const [index, code] of subackOf(error).entries()) {
            const filter = some[index];
            if (filter !== undefined && code >= 128) refused.set(filter, unreadable(filter, code, error));
          }
        });
      } else break;
    }
    up = true;
    pace.stood();
    handlers?.onLink({ up: true, resumed });
    for (const [filter, error] of refused) if (client === mine) handlers?.onRefused?.(filter, error);
  };

  const fell = (loss: LinkLoss): void => {
    const lost = client;
    client = undefined;
    up = false;
    // Whatever mqtt.js still holds of this connection is over.
    lost?.end(true);
    if (ended) return;
    for (const reject of flying) reject(down());
    flying.clear();
    if (!settled && loss.version) {
      const other: MqttVersion = version === 5 ? 4 : 5;
      if (loss.version === "certain") settled = true;
      const first = version === 5;
      version = other;
      if (first) return retry(0);
    } else if (!settled) version = 5;
    handlers?.onLink({ up: false, code: loss.code, why: loss.why });
    const wait = pace.fell();
    retry(loss.code === "BUS_TAKEN_OVER" ? wait + TAKEN_OVER_WAIT_MS : wait);
  };

  const retry = (ms: number): void => {
    if (!ended) cancelRetry = parts.clock.setTimer(open, ms);
  };

  const linked = (): MqttClient => {
    if (!client || !up) throw down();
    return client;
  };

  /** Runs one exchange with the broker; a link that falls meanwhile ends it. */
  const exchange = <T>(
    work: (settle: (error?: Error | null, value?: T) => void) => void,
    refused: (error: Error) => SkeinError | undefined,
  ): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      flying.add(reject);
      work((error, value) => {
        if (!flying.delete(reject)) return;
        if (!error) resolve(value);
        else reject(refused(error) ?? down(error));
      });
    });

  return {
    name: "mqtt",
    get features(): TransportFeatures {
      return { wills: "broker", messageExpiry: version === 5, reasonCodes: version === 5 || refusals.told };
    },
    start(given) {
      handlers = given;
      cancelRetry = parts.clock.setTimer(open, 0);
    },
    async publish(topic, payload, { kind, expiresInMs }) {
      const to = linked();
      await exchange(
        (settle) =>
          to.publish(
            topic,
            payload as Buffer,
            publishOptions(kind, version === 5 ? expiresInMs : undefined),
            (error, packet) => settle(error ?? refusals.take(packet?.messageId)),
          ),
        (error) =>
          isRefusal(error)
            ? new SkeinError("BUS_REFUSED", `the broker does not let us write ${topic}: ${error.message}.`, {
                cause: error,
              })
            : undefined,
      );
    },
    async subscribe(filter) {
      const known = filters.has(filter);
      filters.add(filter);
      dropped.delete(filter);
      if (!client || !up) return;
      const to = client;
      await exchange<void>(
        (settle) => to.subscribe(filter, { qos: 1 }, (error) => settle(error)),
        (error) => {
          const code = subackOf(error)[0] ?? 0;
          if (code < 128) return undefined;
          // Others who asked for it earlier still wait for it.
          if (!known) filters.delete(filter);
          return unreadable(filter, code, error);
        },
      );
    },
    async unsubscribe(filter) {
      filters.delete(filter);
      if (client && up) await client.unsubscribeAsync(filter).catch(() => undefined);
      else dropped.add(filter);
    },
    async close() {
      ended = true;
      cancelRetry();
      const last = client;
      client = undefined;
      up = false;
      // An orderly DISCONNECT: the broker forgets the will and keeps the session.
      if (last?.connected) await new Promise<void>((resolve) => last.end(false, {}, () => resolve()));
      else last?.end(true);
    },
    kill() {
      ended = true;
      cancelRetry();
      const last = client;
      client = undefined;
      up = false;
      last?.stream.destroy();
      last?.end(true);
      for (const reject of flying) reject(down());
      flying.clear();
    },
  };
}

function publishOptions(kind: Kind, expiresInMs: number | undefined): IClientPublishOptions {
  return {
    qos: kind === "telemetry" || kind === "media" ? 0 : 1,
    retain: kind === "state",
    ...(expiresInMs === undefined
      ? {}
      : { properties: { messageExpiryInterval: Math.max(1, Math.ceil(expiresInMs / 1000)) } }),
  };
}

/** Reason codes from 128 are the broker's no (MQTT 5, 2.4); mqtt.js puts them into `code`. */
const isRefusal = (error: Error & { code?: unknown }): boolean => typeof error.code === "number" && error.code >= 128;

/** The codes of a SUBACK, one a filter; from 128 the broker's no. mqtt.js makes one error of them and gives the packet along. */
const subackOf = (error: Error): readonly number[] => {
  const { packet } = error as Error & { packet?: { granted?: unknown } };
  return Array.isArray(packet?.granted) ? packet.granted.map(Number) : [];
};

const unreadable = (filter: string, code: number, cause: Error): SkeinError =>
  new SkeinError("BUS_REFUSED", `the broker does not let us read ${filter} (${code}).`, { cause });

const down = (cause?: Error): SkeinError =>
  new SkeinError("BUS_DOWN", "not connected to the bus.", cause ? { cause } : {});
