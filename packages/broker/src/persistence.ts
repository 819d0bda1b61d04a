/**
 * What the broker must not forget, on disk (LevelDB): kept states, the subscriptions of persistent sessions, and the messages
 * they have not acknowledged. Aedes asks for it through the methods below (aedes-persistence 11's asynchronous interface).
 *
 * Why not aedes-persistence-level, which stores the same things: it scans every kept message at each subscription (ten thousand
 * followers coming back would take hours), loses a client's QoS 1 subscription when that client adds an overlapping one of
 * QoS 0, orders queues by a random broker id, does six disk operations per message where two do, bounds nothing,
 * and keeps wills: one from before a crash was then published after the restart. Here a will lives as long as
 * the connection that made it, in memory (Aedes has it in its client); after a crash the leader judges by silence.
 *
 * A write reaches the operating system before it is acknowledged: it survives the death of the process, not of the machine's power.
 */
import { mkdirSync } from "node:fs";
import { Readable } from "node:stream";
import { deserialize, serialize } from "node:v8";
import { ClassicLevel } from "classic-level";
import { type Clock, SkeinError, messageOf } from "@skein/kit";
import { Retained } from "./retained";
import { Session, type Subscription } from "./session";
import { plain, type StoredPacket, under } from "./stored-packet";
import { TopicTree } from "./topic-tree";

interface ClientRef {
  readonly id: string;
}

const SUBSCRIPTION = "subscription:";
const QUEUE = "queue:";
const SEEN = "seen:";
const GENERATION = "generation";
/** Before and behind all other keys, which are ASCII. */
const EDGES = ["!", "~"] as const;

export interface PersistenceOptions {
  readonly directory: string;
  /** Most unacknowledged messages kept for one session; beyond, the oldest goes. */
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
  readonly clock: Pick<Clock, "now">;
  /** Whether this client may (still) subscribe to and get this. */
  maySubscribe(clientId: string, filter: string): boolean;
  mayReceive(clientId: string, topic: string): boolean;
}

export class Persistence {
  /** Messages dropped because a session's queue was full. */
  dropped = 0;
  private readonly retained: Retained;
  private readonly subscribers = new TopicTree<Map<string, Subscription>>();
  private readonly sessions = new Map<string, Session>();
  /** Payloads of messages that a replay read: how `outgoingUpdate` tells them from their live twins. */
  private readonly replays = new WeakSet<Buffer>();
  private compacting = Promise.resolve();
  /** Resolves when all that stands in the sessions' queues by now is on disk, or is in no queue any more. */
  private storing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly db: ClassicLevel<string, Buffer>,
    private readonly options: PersistenceOptions,
    /** Counts starts, so that queues keep their order over restarts. */
    readonly generation: string,
  ) {
    this.retained = new Retained(db);
  }

  /** @throws SkeinError BUS_STORE_UNUSABLE */
  static async open(options: PersistenceOptions): Promise<Persistence> {
    const db = new ClassicLevel<string, Buffer>(options.directory, { keyEncoding: "utf8", valueEncoding: "buffer" });
    try {
      mkdirSync(options.directory, { recursive: true, mode: 0o700 });
      await db.open();
      const last = await db.get(GENERATION);
      const generation = String(Number(last?.toString() ?? 0) + 1).padStart(10, "0");
      await db.put(GENERATION, Buffer.from(generation));
      const store = new Persistence(db, options, generation);
      await store.load();
      return store;
    } catch (error) {
      await db.close().catch(() => undefined);
      const cause = (error as { cause?: unknown }).cause ?? error;
      throw new SkeinError(
        "BUS_STORE_UNUSABLE",
        `the broker cannot use its store ${options.directory}: ${messageOf(cause)}.`,
        {
          hint: "Is another broker running on it, or is the disk full or read-only? A damaged store can be moved away: kept states come back from their senders.",
          cause: error,
        },
      );
    }
  }

  private async load(): Promise<void> {
    await this.retained.load();
    for await (const value of this.db.values(under(SUBSCRIPTION))) {
      const { clientId, subscription } = deserialize(value) as { clientId: string; subscription: Subscription };
      this.remember(clientId, subscription);
    }
    const most = { messages: Infinity, bytes: Infinity };
    for await (const [key, value] of this.db.iterator(under(QUEUE))) {
      const [, client = "", place = ""] = key.split(":");
      this.session(decodeURIComponent(client)).enqueue(place, value.length, most);
    }
    for await (const [key, value] of this.db.iterator(under(SEEN))) {
      const session = this.sessions.get(decodeURIComponent(key.slice(SEEN.length)));
      if (session) session.seenAt = Number(value.toString());
    }
  }

  /** Aedes insists on an async function of this name. */
  async setup(): Promise<void> {}

  get stored(): { retained: number; sessions: number } {
    return { retained: this.retained.size, sessions: this.sessions.size };
  }

  isLatest(packet: { topic: string; payload: unknown }): boolean {
    return this.retained.isLatest(packet);
  }

  async storeRetained(packet: StoredPacket): Promise<void> {
    await this.retained.store(packet);
  }

  createRetainedStream(filter: string): Readable {
    return this.retained.stream([filter]);
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    return this.retained.stream(filters);
  }

  async addSubscriptions(client: ClientRef, subscriptions: readonly Subscription[]): Promise<void> {
    const allowed = subscriptions.filter(({ topic }) => this.options.maySubscribe(client.id, topic));
    const batch = allowed.map(({ topic, qos }) => {
      this.remember(client.id, { topic, qos });
      return {
        type: "put" as const,
        key: subscriptionKey(client.id, topic),
        value: serialize({ clientId: client.id, subscription: { topic, qos } }),
      };
    });
    await this.db.batch(batch);
  }

  async removeSubscriptions(client: ClientRef, filters: readonly string[]): Promise<void> {
    const session = this.sessions.get(client.id);
    for (const filter of filters) {
      session?.subscriptions.delete(filter);
      const clients = this.subscribers.get(filter);
      clients?.delete(client.id);
      if (clients?.size === 0) this.subscribers.delete(filter);
    }
    await this.db.batch(filters.map((filter) => ({ type: "del" as const, key: subscriptionKey(client.id, filter) })));
  }

  /** Aedes asks when a persistent session connects: what is live from here on waits until its queue has been replayed. */
  async subscriptionsByClient(client: ClientRef): Promise<Subscription[]> {
    const session = this.session(client.id);
    session.hold();
    return [...session.subscriptions.values()];
  }

  async subscriptionsByTopic(topic: string): Promise<{ clientId: string }[]> {
    const clients = new Set<string>();
    for (const subscribers of this.subscribers.overTopic(topic)) {
      for (const [clientId, { qos }] of subscribers)
        if (qos > 0 && this.options.mayReceive(clientId, topic)) clients.add(clientId);
    }
    return [...clients].map((clientId) => ({ clientId }));
  }

  /** A clean session forgets all that an earlier one left, its queue too. */
  async cleanSubscriptions(client: ClientRef): Promise<void> {
    await this.forget(client.id);
  }

  /** Removes a session altogether. */
  async forget(clientId: string): Promise<void> {
    const session = this.sessions.get(clientId);
    if (!session) return;
    await this.removeSubscriptions({ id: clientId }, [...session.subscriptions.keys()]);
    session.release();
    this.sessions.delete(clientId);
    await this.db.clear(under(`${QUEUE}${encodeURIComponent(clientId)}:`));
    await this.db.del(SEEN + encodeURIComponent(clientId));
  }

  /** It is connected, or was until now. A session that only lasts as long as its connection has nothing to remember. */
  async seen(clientId: string): Promise<void> {
    const session = this.sessions.get(clientId);
    if (!session || session.subscriptions.size === 0) return;
    session.seenAt = this.options.clock.now();
    await this.db.put(SEEN + encodeURIComponent(clientId), Buffer.from(String(session.seenAt)));
  }

  /** Forgets the sessions that were last seen before then; those that are connected are seen by this. */
  async forgetUnseen(before: number, isConnected: (clientId: string) => boolean): Promise<string[]> {
    const gone: string[] = [];
    for (const [clientId, session] of this.sessions) {
      if (isConnected(clientId)) await this.seen(clientId);
      else if (session.seenAt < before) gone.push(clientId);
    }
    // It may have come back while the others were forgotten.
    for (const clientId of gone) if (!isConnected(clientId)) await this.forget(clientId);
    return gone;
  }

  get clientIds(): string[] {
    return [...this.sessions.keys()];
  }

  async outgoingEnqueue(subscriber: { clientId: string }, packet: StoredPacket): Promise<void> {
    await this.outgoingEnqueueCombi([subscriber], packet);
  }

  async outgoingEnqueueCombi(subscribers: readonly { clientId: string }[], packet: StoredPacket): Promise<void> {
    if (subscribers.length === 0) return;
    const value = serialize({
      ...plain(packet),
      retain: false,
      brokerId: packet.brokerId,
      brokerCounter: packet.brokerCounter,
    });
    const place = placeOf(packet);
    const most = { messages: this.options.maxQueued, bytes: this.options.maxQueuedBytes };
    const stored = this.db.batch(
      subscribers.flatMap(({ clientId }) => {
        const session = this.session(clientId);
        const dropped = session.enqueue(place, value.length, most);
        this.dropped += dropped.length;
        return [
          { type: "put" as const, key: queueKey(clientId, place), value },
          ...dropped.map((old) => ({ type: "del" as const, key: queueKey(clientId, old) })),
        ];
      }),
    );
    this.storing = Promise.allSettled([this.storing, stored]);
    try {
      await stored;
    } catch (error) {
      // Its sender is not told that it was taken, and sends it again.
      for (const { clientId } of subscribers) this.sessions.get(clientId)?.remove(place);
      throw error;
    }
  }

  /** Aedes has given the message a number: the acknowledgement will bear it. What is live waits while the queue is replayed. */
  async outgoingUpdate(client: ClientRef, packet: StoredPacket): Promise<void> {
    const session = this.sessions.get(client.id);
    if (!session || packet.messageId === undefined) return;
    if (packet.cmd !== "publish") return;
    const place = placeOf(packet);
    if (!this.replays.has(packet.payload)) await session.turn(place);
    session.number(place, packet.messageId);
  }

  async outgoingClearMessageId(client: ClientRef, packet: { messageId?: number | undefined }): Promise<void> {
    const place =
      packet.messageId === undefined ? undefined : this.sessions.get(client.id)?.acknowledge(packet.messageId);
    if (place !== undefined) await this.db.del(queueKey(client.id, place));
  }

  /** What was not acknowledged, in order; `dup` on what was sent before [MQTT-3.3.1-1]. */
  outgoingStream(client: ClientRef): Readable {
    const { db, replays, storing } = this;
    const session = this.session(client.id);
    const replay = session.replay();
    return Readable.from(
      (async function* () {
        // The last of them may be on its way to the disk; a read that overtook it would find nothing, and its live twin is held back.
        await storing;
        for (const [place, messageId] of replay) {
          const value = await db.get(queueKey(client.id, place));
          if (!value) continue;
          const packet = { ...(deserialize(value) as StoredPacket), dup: messageId !== undefined, messageId };
          replays.add(packet.payload);
          yield packet;
        }
      })(),
    );
  }

  /** The queue of a session has been sent: live messages go on. (The next connection's `hold` frees what a lost one held.) */
  replayed(clientId: string): void {
    this.sessions.get(clientId)?.release();
  }

  async incomingStorePacket(client: ClientRef, packet: StoredPacket): Promise<void> {
    this.session(client.id).incoming.add(packet.messageId ?? 0);
  }

  /** Aedes hands a QoS 2 message on when it comes, and asks here only whether its number is known. */
  async incomingGetPacket(
    client: ClientRef,
    { messageId = 0 }: { messageId?: number },
  ): Promise<{ messageId: number }> {
    if (!this.sessions.get(client.id)?.incoming.has(messageId)) throw new Error("no such packet");
    return { messageId };
  }

  async incomingDelPacket(client: ClientRef, packet: { messageId?: number }): Promise<void> {
    this.sessions.get(client.id)?.incoming.delete(packet.messageId ?? 0);
  }

  async cleanIncoming(client: ClientRef): Promise<void> {
    const session = this.sessions.get(client.id);
    session?.incoming.clear();
    if (session && session.subscriptions.size === 0 && session.queue.size === 0) this.sessions.delete(client.id);
  }

  async putWill(): Promise<void> {}
  async getWill(): Promise<undefined> {}
  async delWill(): Promise<undefined> {}
  streamWill(): Readable {
    return Readable.from([]);
  }

  /**
   * Takes what was replaced and removed out of the files, where LevelDB would leave it until it gets there by itself. It rewrites a
   * file only when a newer one overlaps it, so after everything is in files one is made that overlaps them all
   * (leveldb, doc/impl.md, Compactions).
   *
   * One after the other: LevelDB 1.20 takes the process down when a file cannot be written while two of these run (the one that
   * gives up takes away what its background thread still works on: db_impl.cc, TEST_CompactRange).
   */
  compact(): Promise<void> {
    return (this.compacting = this.compacting.catch(() => undefined).then(() => this.compactNow()));
  }

  private async compactNow(): Promise<void> {
    if (this.db.status !== "open") return;
    await this.db.compactRange(...EDGES);
    await this.db.batch(EDGES.map((key) => ({ type: "put" as const, key, value: Buffer.alloc(0) })));
    await this.db.compactRange(...EDGES);
  }

  async destroy(): Promise<void> {
    await this.db.close();
  }

  private session(clientId: string): Session {
    let session = this.sessions.get(clientId);
    if (!session) {
      this.sessions.set(clientId, (session = new Session()));
      session.seenAt = this.options.clock.now();
    }
    return session;
  }

  private remember(clientId: string, subscription: Subscription): void {
    this.session(clientId).subscriptions.set(subscription.topic, subscription);
    let clients = this.subscribers.get(subscription.topic);
    if (!clients) this.subscribers.set(subscription.topic, (clients = new Map()));
    clients.set(clientId, subscription);
  }
}

const subscriptionKey = (clientId: string, filter: string): string =>
  `${SUBSCRIPTION}${encodeURIComponent(clientId)}:${filter}`;
const queueKey = (clientId: string, place: string): string => `${QUEUE}${encodeURIComponent(clientId)}:${place}`;
/** Sorts by the order of publishing, over restarts too. */
const placeOf = (packet: StoredPacket): string =>
  `${packet.brokerId ?? ""}.${String(packet.brokerCounter ?? 0).padStart(16, "0")}`;
