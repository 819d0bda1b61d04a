import {
  type AnyMessage,
  type Envelope,
  type IdsOf,
  type InputOf,
  isId,
  type Kind,
  type Outcome,
} from "@skein/contracts";
import { type Clock, type Logger, silentLogger, SkeinError } from "@skein/kit";
import { Audience } from "./audience";
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
import { checkSize } from "./codec";
import { createMemoryJournal } from "./command-journal";
import type { BusOptions } from "./bus-options";
import { isFilter, isTopic } from "./filter-tree";
import { Inbox } from "./inbox";
import { leaderItself, type LeaderWatch, watchLeader } from "./leader-watch";
import { Listeners } from "./listeners";
import { Outbox } from "./outbox";
import { PresenceKeeper } from "./presence-keeper";
import { Requester } from "./requester";
import { Sender } from "./sender";
import { Server } from "./server";
import { Subscriber } from "./subscriber";
import type { LinkState, Transport, TransportFeatures } from "./transport";

/** After a session was taken up again, what waited in it comes at once: for so long a command may be old, ms. */
const BACKLOG_MS = 2000;

type Counters = {
  received: number;
  sent: number;
  rejected: Record<string, number>;
  dropped: Record<Kind, number>;
  connections: number;
};

/** The bus of bus.ts over any transport: puts what goes out, what comes in, presence and commands together. */
export class TransportBus implements Bus {
  readonly id: string;
  readonly run: string;
  link: LinkState = { up: false, code: "BUS_UNREACHABLE", why: "connecting" };
  private readonly counters: Counters = {
    received: 0,
    sent: 0,
    rejected: {},
    dropped: { state: 0, telemetry: 0, event: 0, command: 0, media: 0 },
    connections: 0,
  };
  private closed = false;
  private upSince = -Infinity;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly transport: Transport;
  private readonly presence: PresenceKeeper;
  private readonly linkNews: Audience<LinkState>;
  private readonly rejections: Audience<Rejection>;
  private readonly refusals: Audience<Refusal>;
  private readonly inbox: Inbox;
  private readonly outbox: Outbox;
  private readonly sender: Sender;
  private readonly subscriber: Subscriber;
  private readonly leader: LeaderWatch;
  private readonly requester: Requester;
  private readonly server: Server;

  constructor(options: BusOptions) {
    if (!isId(options.id)) throw new TypeError(`"${options.id}" is no id: a-z, 0-9 and -, 63 at most`);
    this.id = options.id;
    this.run = options.ids();
    this.clock = options.clock;
    this.logger = options.logger ?? silentLogger;
    this.transport = options.transport;
    const mine = options.presence ?? { as: "none" };
    const epoch = mine.as === "leader" ? mine.epoch : undefined;
    this.linkNews = new Audience(this.logger);
    this.rejections = new Audience(this.logger);
    this.refusals = new Audience(this.logger);
    this.presence = new PresenceKeeper(this, mine, this.logger);
    const listeners = new Listeners();
    this.inbox = new Inbox({
      listeners,
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
    const closed = () => this.closed;
    this.subscriber = new Subscriber({ listeners, inbox: this.inbox, transport: this.transport, closed });
    this.sender = new Sender({
      id: this.id,
      run: this.run,
      ids: options.ids,
      clock: this.clock,
      epoch,
      outbox: this.outbox,
      closed,
    });
    this.leader = epoch === undefined ? watchLeader(this, this.clock) : leaderItself(this.clock, epoch);
    this.requester = new Requester(this, this.clock, this.leader, (message, ids, data, extra, noteId) =>
      this.sender.send(message, ids, data, extra, noteId),
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
      will: () => this.presence.will(this.sender.beginSession()),
      onMessage: (message) => this.inbox.take(message),
      onLink: (state) => this.onLinkChange(state),
      onRefused: (filter, error) => this.noteRefusal({ action: "read", topic: filter, error }),
    });
  }

  get session(): string {
    return this.sender.session;
  }

  get features(): TransportFeatures {
    return this.transport.features;
  }

  get stats(): BusStats {
    return this.counters;
  }

  onLink(listener: (state: LinkState) => void): () => void {
    const leave = this.linkNews.join(listener);
    listener(this.link);
    return leave;
  }

  onReject(listener: (rejection: Rejection) => void): () => void {
    return this.rejections.join(listener);
  }

  onRefused(listener: (refusal: Refusal) => void): () => void {
    return this.refusals.join(listener);
  }

  publish<M extends AnyMessage>(message: M, ids: IdsOf<M>, data: InputOf<M>, because: Because = {}): Promise<Envelope> {
    const { trace, causes, epoch } = because;
    return this.sender.send(message, ids, data, {
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
    return this.subscriber.listen(message.filter(ids), message, (group) => group.typed, typed);
  }

  async subscribeRaw(filter: string, listener: (message: RawMessage) => void): Promise<Unsubscribe> {
    if (!isFilter(filter))
      throw new SkeinError("TOPIC_INVALID", `"${filter}" is no topic filter.`, {
        hint: "A wildcard (+ or #) fills its level; # is the last. There are 32 levels and 1024 characters at most.",
      });
    return this.subscriber.listen(
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
    await this.sender.put({ topic, kind, bytes: payload.byteLength, encode: () => payload });
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
    const serving = { ...options, answeredBy: command.answeredBy };
    return this.subscribe(command, mine, (received) => this.server.receive(received, handler, serving));
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

  private onLinkChange(state: LinkState): void {
    if (!state.up && !this.link.up && state.code === this.link.code && state.why === this.link.why) return;
    if (this.closed && state.up) return;
    this.link = state;
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
    this.linkNews.tell(state);
  }

  private noteRefusal(refusal: Refusal): void {
    const { topic, error } = refusal;
    this.logger.warn({ code: error.code, topic }, error.message);
    this.refusals.tell(refusal);
  }

  private noteRejection(rejection: Rejection): void {
    this.counters.rejected[rejection.code] = (this.counters.rejected[rejection.code] ?? 0) + 1;
    this.rejections.tell(rejection);
  }
}
