import {
  type AnyMessage,
  type Envelope,
  type IdsOf,
  type InputOf,
  isId,
  type Kind,
  type Outcome,
} from "@skein/contracts";
import { type Clock, hasCode, type IdSource, type Logger, type Random, silentLogger, SkeinError } from "@skein/kit";
import type {
  Because,
  Bus,
  BusStats,
  CommandHandler,
  RawMessage,
  Received,
  Refusal,
  Rejection,
  RequestOptions,
  ServeOptions,
  SubscribeOptions,
  Unsubscribe,
} from "./bus";
import { checkOut, checkSize, wrap } from "./codec";
import { type CommandJournal, createMemoryJournal } from "./command-journal";
import { Inbox } from "./inbox";
import { leaderItself, type LeaderWatch, watchLeader } from "./leader-watch";
import { Listeners } from "./listeners";
import { Outbox } from "./outbox";
import { type Presence, PresenceKeeper } from "./presence-keeper";
import { Requester } from "./requester";
import { Server } from "./server";
import { isFilter, isTopic } from "./filter-tree";
import type { LinkState, Transport, TransportFeatures, Will } from "./transport";

export interface BusOptions {
  /** A follower's id, `leader`, or a flow host's id. */
  readonly id: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger?: Logger;
  /** Default: none. */
  readonly presence?: Presence;
  /** Where carried-out commands are written down; in memory when left out. */
  readonly journal?: CommandJournal;
  /** Most events and commands kept while away. Default 1000. */
  readonly maxQueued?: number;
}

/** Builds the typed bus over one transport and starts connecting; it connects and reconnects for ever. */
export const createBus = (options: BusOptions): Bus => new TransportBus(options);

/** After a session was taken up again, what waited in it comes at once: for so long a command may be old, ms. */
const BACKLOG_MS = 2000;

type Extra = Pick<Envelope, "trace" | "causes" | "epoch" | "command">;
type Counters = {
  received: number;
  sent: number;
  rejected: Record<string, number>;
  dropped: Record<Kind, number>;
  connections: number;
};

class TransportBus implements Bus {
  readonly id: string;
  readonly run: string;
  session: string;
  link: LinkState = { up: false, code: "BUS_UNREACHABLE", why: "connecting" };
  private readonly counters: Counters = {
    received: 0,
    sent: 0,
    rejected: {},
    dropped: { state: 0, telemetry: 0, event: 0, command: 0, media: 0 },
    connections: 0,
  };
  private seq = 0;
  private closed = false;
  private upSince = -Infinity;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly transport: Transport;
  private readonly presence: PresenceKeeper;
  private readonly epoch: number | undefined;
  private readonly listeners = new Listeners();
  private readonly linkListeners = new Set<(state: LinkState) => void>();
  private readonly rejectListeners = new Set<(rejection: Rejection) => void>();
  private readonly refusalListeners = new Set<(refusal: Refusal) => void>();
  /** Filters that the broker refused at this connection. */
  private readonly refusedFilters = new Set<string>();
  private readonly inbox: Inbox;
  private readonly outbox: Outbox;
  private readonly leader: LeaderWatch;
  private readonly requester: Requester;
  private readonly server: Server;

  constructor(private readonly options: BusOptions) {
    if (!isId(options.id)) throw new TypeError(`"${options.id}" is no id: a-z, 0-9 and -, 63 at most`);
    this.id = options.id;
    this.run = options.ids();
    this.session = options.ids();
    this.clock = options.clock;
    this.logger = options.logger ?? silentLogger;
    this.transport = options.transport;
    const mine = options.presence ?? { as: "none" };
    this.epoch = mine.as === "leader" ? mine.epoch : undefined;
    this.presence = new PresenceKeeper(this, mine, this.logger);
    this.inbox = new Inbox({
      listeners: this.listeners,
      clock: this.clock,
      logger: this.logger,
      onReceived: () => void this.counters.received++,
      onRejected: (rejection) => this.noteRejection(rejection),
    });
    this.outbox = new Outbox({
      clock: this.clock,
      maxQueued: options.maxQueued ?? 1000,
      send: (topic, payload, how) => this.transport.publish(topic, payload, how),
      onSent: () => void this.counters.sent++,
      onDrop: (kind) => void this.counters.dropped[kind]++,
      onRefused: (topic, error) => this.noteRefusal({ action: "write", topic, error }),
    });
    this.leader = this.epoch === undefined ? watchLeader(this, this.clock) : leaderItself(this.clock, this.epoch);
    this.requester = new Requester(this, this.clock, this.leader, (message, ids, data, extra, noteId) =>
      this.send(message, ids, data, extra, noteId),
    );
    this.server = new Server({
      bus: this,
      clock: this.clock,
      logger: this.logger,
      leader: this.leader,
      journal: options.journal ?? createMemoryJournal(),
      backlogPossible: () =>
        // A broker says what waited before it has answered our subscriptions, which is when the link is called up.
        !this.link.up || (this.link.resumed !== false && this.clock.monotonic() - this.upSince < BACKLOG_MS),
    });
    this.presence.start();
    this.transport.start({
      will: () => this.beginSession(),
      onMessage: (message) => this.inbox.take(message),
      onLink: (state) => this.onLinkChange(state),
      onRefused: (filter, error) => this.noteRefusal({ action: "read", topic: filter, error }),
    });
  }

  get features(): TransportFeatures {
    return this.transport.features;
  }

  get stats(): BusStats {
    return this.counters;
  }

  onLink(listener: (state: LinkState) => void): () => void {
    this.linkListeners.add(listener);
    listener(this.link);
    return () => void this.linkListeners.delete(listener);
  }

  onReject(listener: (rejection: Rejection) => void): () => void {
    this.rejectListeners.add(listener);
    return () => void this.rejectListeners.delete(listener);
  }

  onRefused(listener: (refusal: Refusal) => void): () => void {
    this.refusalListeners.add(listener);
    return () => void this.refusalListeners.delete(listener);
  }

  publish<M extends AnyMessage>(message: M, ids: IdsOf<M>, data: InputOf<M>, because: Because = {}): Promise<Envelope> {
    const { trace, causes, epoch } = because;
    return this.send(message, ids, data, {
      ...(trace === undefined ? {} : { trace }),
      ...(causes === undefined ? {} : { causes: [...causes] }),
      ...(epoch === undefined ? {} : { epoch }),
    });
  }

  async subscribe<M extends AnyMessage>(
    message: M,
    ids: Partial<IdsOf<M>>,
    listener: (received: Received<M>) => void,
    options: SubscribeOptions<M> = {},
  ): Promise<Unsubscribe> {
    const typed = {
      onMessage: listener as (received: Received<AnyMessage>) => void,
      onCleared: (cleared: Readonly<Record<string, string>>) => options.onCleared?.(cleared as IdsOf<M>),
    };
    return this.listen(message.filter(ids), message, (group) => group.typed, typed);
  }

  async subscribeRaw(filter: string, listener: (message: RawMessage) => void): Promise<Unsubscribe> {
    if (!isFilter(filter))
      throw new SkeinError("TOPIC_INVALID", `"${filter}" is no topic filter.`, {
        hint: "A wildcard (+ or #) fills its level; # is the last. There are 32 levels and 1024 characters at most.",
      });
    return this.listen(
      filter,
      undefined,
      (group) => group.raw,
      (message) => listener(message),
    );
  }

  async publishRaw(topic: string, payload: Uint8Array, kind: Kind): Promise<void> {
    if (!isTopic(topic))
      throw new SkeinError("TOPIC_INVALID", `"${topic}" is no topic to write to.`, {
        hint: "It has 1 to 1024 characters in 32 levels at most, and bears no + or #.",
      });
    checkSize(topic, payload.byteLength);
    await this.put({ topic, kind, bytes: payload.byteLength, encode: () => payload });
  }

  request<M extends AnyMessage>(
    command: M,
    ids: Omit<IdsOf<M>, "issuer">,
    data: InputOf<M>,
    options?: RequestOptions,
  ): Promise<Outcome> {
    return this.requester.request(command, ids, data, options);
  }

  serve<M extends AnyMessage>(
    command: M,
    ids: Partial<IdsOf<M>>,
    handler: CommandHandler<M>,
    options: ServeOptions<M> = {},
  ): Promise<Unsubscribe> {
    const mine = command.pattern.includes("{target}") ? { target: this.id, ...ids } : ids;
    return this.subscribe(command, mine, (received) => this.server.receive(received, handler, options));
  }

  leaderNow(): number | undefined {
    return this.leader.now();
  }

  async close(timeoutMs = 2000): Promise<void> {
    if (this.closed) return;
    const work = (async () => {
      if (this.link.up) await this.presence.say("leaving").catch(() => undefined);
      this.closed = true;
      await this.outbox.idle();
      await this.transport.close();
    })();
    let cancel = () => {};
    const late = new Promise<"late">((resolve) => (cancel = this.clock.setTimer(() => resolve("late"), timeoutMs)));
    const result = await Promise.race([work.catch(() => "late" as const), late]);
    cancel();
    this.closed = true;
    if (result === "late") this.transport.kill();
    this.requester.close();
    this.onLinkChange({ up: false, code: "BUS_CLOSED", why: "closed" });
  }

  kill(): void {
    this.closed = true;
    this.transport.kill();
    this.requester.close();
    this.onLinkChange({ up: false, code: "BUS_CLOSED", why: "killed" });
  }

  private async send(
    message: AnyMessage,
    ids: Record<string, string>,
    data: unknown,
    extra: Extra,
    noteId?: (id: string) => void,
  ): Promise<Envelope> {
    const topic = message.topic(ids);
    const json = checkOut(message, data);
    const epoch = extra.epoch ?? this.epoch;
    let header: Envelope = {
      id: this.options.ids(),
      at: this.clock.now(),
      from: this.id,
      run: this.run,
      session: this.session,
      seq: this.seq + 1,
      ...extra,
      ...(epoch === undefined ? {} : { epoch }),
    };
    const bytes = wrap(header, json).byteLength;
    checkSize(topic, bytes, message.maxBytes);
    noteId?.(header.id);
    const ttlMs = extra.command?.ttlMs;
    await this.put({
      topic,
      kind: message.kind,
      bytes,
      ...(ttlMs === undefined ? {} : { deadline: this.clock.monotonic() + ttlMs }),
      encode: () => wrap((header = { ...header, session: this.session, seq: ++this.seq }), json),
      renew: () => (header = { ...header, id: this.options.ids(), at: this.clock.now() }),
    });
    return header;
  }

  private put(item: Omit<Parameters<Outbox["put"]>[0], "settle">): Promise<void> {
    if (this.closed)
      return Promise.reject(new SkeinError("BUS_CLOSED", "the bus is closed.", { hint: "Nothing was sent." }));
    return new Promise((resolve, reject) => {
      this.outbox.put({ ...item, settle: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  }

  private async listen<L>(
    filter: string,
    message: AnyMessage | undefined,
    set: (group: ReturnType<Listeners["join"]>["group"]) => Set<L>,
    listener: L,
  ): Promise<Unsubscribe> {
    if (this.closed) throw new SkeinError("BUS_CLOSED", "the bus is closed.");
    const { group, first } = this.listeners.join(filter, message);
    set(group).add(listener);
    let left = false;
    const leave = async () => {
      if (left) return;
      left = true;
      set(group).delete(listener);
      if (this.listeners.leave(group) && !this.closed) await this.transport.unsubscribe(filter);
    };
    this.inbox.deliverEarly();
    // Asking again makes the broker replay kept state, which a second listener needs as the first did.
    if (!first && message && message.kind !== "state" && !this.refusedFilters.has(filter)) return leave;
    try {
      await this.transport.subscribe(filter);
    } catch (error) {
      if (!hasCode(error, "BUS_DOWN")) {
        await leave().catch(() => undefined);
        throw error;
      }
    }
    return leave;
  }

  /** A new session: what it is called, and what is to be said of it when its connection dies. */
  private beginSession(): Will | undefined {
    this.session = this.options.ids();
    this.seq = 0;
    const header = {
      id: this.options.ids(),
      at: this.clock.now(),
      from: this.id,
      run: this.run,
      session: this.session,
      seq: 0,
    };
    return this.presence.will(header);
  }

  private onLinkChange(state: LinkState): void {
    if (!state.up && !this.link.up && state.code === this.link.code && state.why === this.link.why) return;
    if (this.closed && state.up) return;
    this.link = state;
    this.refusedFilters.clear();
    if (state.up) {
      this.counters.connections++;
      this.upSince = this.clock.monotonic();
      this.inbox.connected();
      this.outbox.linkUp();
      this.logger.info({ session: this.session, features: this.features }, "on the bus");
    } else {
      this.outbox.linkDown();
      this.logger.info({ code: state.code, why: state.why }, "not on the bus");
    }
    this.tell(this.linkListeners, state);
  }

  private noteRefusal(refusal: Refusal): void {
    const { action, topic, error } = refusal;
    if (action === "read") this.refusedFilters.add(topic);
    this.logger.warn({ code: error.code, topic }, error.message);
    this.tell(this.refusalListeners, refusal);
  }

  private noteRejection(rejection: Rejection): void {
    this.counters.rejected[rejection.code] = (this.counters.rejected[rejection.code] ?? 0) + 1;
    this.tell(this.rejectListeners, rejection);
  }

  /** A listener's fault is its own. */
  private tell<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        this.logger.error({ err: error }, "a listener to the bus failed");
      }
    }
  }
}
