/**
 * The house's own broker, for a house without Mosquitto: Aedes with users, access rules, limits and a store on disk.
 *
 * - A publish that is not allowed is acknowledged and dropped, and counted. MQTT 3.1.1 knows only that or closing the connection
 *   [MQTT-3.3.5-2]; closing would make a client that repeats its message at every connection fall out for ever, with a false
 *   `lost` each time, and Mosquitto does the same. Who wants to know subscribes to `$skein/refused`
 *   (contracts/refused-topic.ts), as our own bus does. A subscription that is not allowed is answered with 0x80.
 * - A clean stop publishes no wills: the connections end because the broker does, and who they belong to lives on. After a
 *   crash there are none either (persistence.ts). Kept presences stay as they were, a hint and no verdict.
 * - Frozen receivers hold up nobody: telemetry for them is dropped, and one that has let `maxUnsentBytes` pile up is cut off; what
 *   it subscribed to with QoS 1 in a persistent session waits on disk.
 */
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type Clock, type Logger, every, messageOf, silentLogger, systemClock } from "@skein/kit";
import { Admission } from "./admission";
import { Counters, type BrokerStats } from "./counters";
import { decoupleDelivery } from "./delivery";
import { type Aedes, type Client, loadAedes } from "./load-aedes";
import { type BrokerLimits, defaultLimits } from "./limits";
import { limitPackets } from "./packet-limit";
import { Persistence } from "./persistence";
import { PublishOrder } from "./publish-order";
import { type BrokerTls, listenTls } from "./tls";
import { TokenBucket } from "./token-bucket";
import { watchedUsers } from "./users";
import { listen } from "./listen";
import { listenWebSocket } from "./websocket";

export interface BrokerOptions {
  /** Default 127.0.0.1; several share the port, which is then none that is taken by chance. */
  readonly host?: string | readonly string[];
  /** 0 takes a free one. */
  readonly port: number;
  /** Also listens for MQTT over WebSocket here; 0 takes a free one. */
  readonly wsPort?: number;
  /** Also listens for MQTT over TLS. */
  readonly tls?: BrokerTls;
  /** Its own folder; made when it is not there. */
  readonly dataDir: string;
  /** bus-users.json (users.ts), read again whenever it changes. */
  readonly usersFile: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly limits?: Partial<BrokerLimits>;
}

export interface Broker {
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly wsPort: number | undefined;
  stats(): BrokerStats;
  /** Ends all connections without wills and closes the store. */
  close(): Promise<void>;
}

/** How often sessions that nobody came back to are looked for, and what was said and taken back is removed from the disk, ms. */
const FORGET_EVERY_MS = 3_600_000;

/** @throws SkeinError PORT_IN_USE, BUS_ADDRESS_INVALID, BUS_CERTIFICATE_INVALID, BUS_STORE_UNUSABLE, BUS_USERS_UNREADABLE */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const [host = "127.0.0.1", ...others] = [options.host ?? []].flat();
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const limits = { ...defaultLimits, ...options.limits };
  const users = watchedUsers(options.usersFile, logger);
  const counters = new Counters(clock, logger);
  const admission = new Admission(users, counters, { clock, logger });
  const store = await Persistence.open({
    directory: join(options.dataDir, "store"),
    maxQueued: limits.maxQueued,
    maxQueuedBytes: limits.maxQueuedBytes,
    clock,
    maySubscribe: (clientId, filter) => admission.accessOfClientId(clientId)?.maySubscribe(filter) ?? false,
    mayReceive: (clientId, topic) => admission.accessOfClientId(clientId)?.mayReceive(topic) ?? false,
  }).catch((error: unknown) => {
    counters.stop();
    throw error;
  });
  let aedes: Aedes;
  try {
    aedes = await createAedes(store, limits);
  } catch (error) {
    counters.stop();
    await store.destroy();
    throw error;
  }
  const order = new PublishOrder(aedes);
  decoupleDelivery(aedes);
  admission.install(aedes, { store, order, limits });
  counters.install(aedes, store);

  const bucket = new TokenBucket(clock, limits.connectionBurst, limits.connectionsPerS);
  const sockets = new Set<Duplex>();
  const track = (stream: Duplex): void => {
    sockets.add(stream);
    stream.on("close", () => sockets.delete(stream));
  };
  const accept = (stream: Duplex, socket: Socket): void => {
    if (!bucket.take()) {
      counters.refuse("rate", "connections");
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    track(stream);
    limitPackets(stream, limits.maxPacketBytes, () =>
      counters.refuse("oversized", (stream as { client?: Client }).client?.id ?? "before CONNECT"),
    );
    aedes.handle(stream);
  };

  const tcp = createServer((socket) => accept(socket, socket));
  const closers: (() => Promise<void>)[] = [() => closeServer(tcp)];
  const stop = async (): Promise<void> => {
    admission.stopping = true;
    const closing = closers.map((close) => close());
    await new Promise<void>((resolve) => aedes.close(resolve));
    for (const stream of sockets) stream.destroy();
    await Promise.all(closing);
    counters.stop();
    await store.destroy();
  };
  try {
    await listen(tcp, options.port, host);
    for (const other of others) {
      const server = createServer((socket) => accept(socket, socket));
      await listen(server, options.port, other);
      closers.push(() => closeServer(server));
    }
    const secure =
      options.tls &&
      (await listenTls({
        ...options.tls,
        handshakeMs: limits.connectTimeoutMs,
        onConnection: track,
        accept: (socket) => accept(socket, socket),
        onFailed: (address) => counters.refuse("protocol", `${address} before TLS`),
      }));
    if (secure) closers.push(() => closeServer(secure));
    const web =
      options.wsPort === undefined
        ? undefined
        : await listenWebSocket({ host, port: options.wsPort, maxPacketBytes: limits.maxPacketBytes, accept });
    if (web) closers.push(web.close);
    const watching = admission.watch(options.usersFile, store);
    closers.push(async () => watching());
    closers.push(async () => forgetting());
    const compact = (): void =>
      void store
        .compact()
        .catch((error: unknown) => logger.warn({ err: error }, `the store keeps what is gone: ${messageOf(error)}`));
    const forgetting = every(clock, FORGET_EVERY_MS, () => {
      admission.forgetUnseen(store, clock.now() - limits.sessionMs);
      compact();
    });
    compact();
    const port = portOf(tcp);
    const tlsPort = secure && portOf(secure);
    logger.info({ host, port, tlsPort, wsPort: web?.port, ...store.stored }, "broker ready");
    let closed: Promise<void> | undefined;
    return { port, tlsPort, wsPort: web?.port, stats: () => counters.stats(), close: () => (closed ??= stop()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createAedes(store: Persistence, limits: BrokerLimits): Promise<Aedes> {
  const AedesClass = loadAedes();
  return AedesClass.createBroker({
    id: `skein-${store.generation}`,
    persistence: store,
    connectTimeout: limits.connectTimeoutMs,
    // Subscriptions sent in one go with CONNECT, before its answer, wait in a queue of this length; 42 cuts off eager clients.
    queueLimit: 1000,
    maxClientsIdLength: 200,
    maxTopicLevels: 32,
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const closeServer = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
