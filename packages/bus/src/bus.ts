import type { AnyMessage, DataOf, Envelope, IdsOf, InputOf, Kind, Outcome } from "@skein/contracts";
import type { SkeinError } from "@skein/kit";
import type { LinkState, TransportFeatures } from "./transport";

/** A message that came in and fits its contract. */
export interface Received<M extends AnyMessage> {
  readonly topic: string;
  readonly ids: IdsOf<M>;
  readonly envelope: Envelope;
  readonly data: DataOf<M>;
  /** Kept state replayed at subscription or reconnection: it was so before, and fires no edge. */
  readonly retained: boolean;
}

/** A message on any topic, as bytes; also one that no contract knows. */
export interface RawMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retained: boolean;
}

/** Why something is sent: goes into the envelope. */
export interface Because {
  readonly trace?: string;
  readonly causes?: readonly string[];
  /** Leader only. */
  readonly epoch?: number;
}

export interface RequestOptions extends Because {
  /** How long the command is worth carrying out, ms. Default: timeoutMs. */
  readonly ttlMs?: number;
  /** How long to wait for the reply, ms. Default 5000. */
  readonly timeoutMs?: number;
  /** The target's run as last seen: after its restart the command is refused as stale. */
  readonly targetRun?: string;
}

export type Unsubscribe = () => Promise<void>;

export interface SubscribeOptions<M extends AnyMessage> {
  /** A kept state was taken away (an empty retained payload; `publishRaw(topic, new Uint8Array(), "state")` does that). */
  onCleared?(ids: IdsOf<M>): void;
}

export interface ServeOptions<M extends AnyMessage> {
  /** True for a command that may be done twice (a ping): it is not written down, which saves a write to the disk. */
  idempotent?(command: Received<M>): boolean;
}

/** Carries out a command once and answers it. A thrown error with a `code` becomes a refusal with that code. */
export type CommandHandler<M extends AnyMessage> = (command: Received<M>) => unknown;

/**
 * The house's bus as everyone sees it, whatever carries it: typed messages in envelopes, checked both ways.
 *
 * Away from the broker it keeps, in bounded memory: the latest `state` of each topic, `event`s and `command`s in order
 * (the oldest is dropped and counted when full), and no `telemetry` or `media`. At every connection it sends its states again.
 */
export interface Bus {
  /** Who we are: a follower's id, `leader`, or a flow host's id. */
  readonly id: string;
  readonly run: string;
  /** Changes at every connection, and before every attempt at one. */
  readonly session: string;
  readonly link: LinkState;
  readonly features: TransportFeatures;
  /** Counters since the start. */
  readonly stats: BusStats;

  /** Calls at every change of the link, and once at once with how it is now. */
  onLink(listener: (state: LinkState) => void): () => void;
  /** A message that came in and did not fit: the reason, and from where. Also counted in `stats` and logged once per sender and reason. */
  onReject(listener: (rejection: Rejection) => void): () => void;

  /**
   * What the broker does not let us read or write, and what could not be told to whoever asked: a subscription that was made
   * while the link was down (told right after each link up for as long as it is so), a message that waited for the link, and one
   * at which the broker hung up three times (its topic is refused for a minute). Events and commands are then dropped; a state
   * is tried again after a minute, then ever more rarely. Also logged.
   */
  onRefused(listener: (refusal: Refusal) => void): () => void;

  /**
   * Checks, wraps and sends. Resolves with the envelope when the broker has it, or, for telemetry, when it was handed over or dropped.
   * While the link is down, state, events and commands wait; the promise resolves when they are queued (the envelope's session
   * and seq are those of the sending, which is then still to come). Order is kept among the events and commands of a sender.
   * @throws TypeError for a bad id; SkeinError MESSAGE_INVALID, MESSAGE_TOO_LARGE, BUS_REFUSED, BUS_CLOSED
   */
  publish<M extends AnyMessage>(message: M, ids: IdsOf<M>, data: InputOf<M>, because?: Because): Promise<Envelope>;
  /**
   * Ids left out are wildcards. What does not fit is rejected and never reaches the listener. Resolves when the broker has the
   * subscription, at once while the link is down (it is then made at the connection, and `onRefused` tells of the broker's no).
   *
   * An event or command is acknowledged to the broker when every listener has returned: one that must not be lost when we die
   * is to be written down before the listener returns. What comes twice (redelivery, overlapping filters) is told once; kept
   * state may be replayed again when somebody else begins to listen.
   * @throws TypeError for a bad id; SkeinError BUS_REFUSED, BUS_CLOSED
   */
  subscribe<M extends AnyMessage>(
    message: M,
    ids: Partial<IdsOf<M>>,
    listener: (received: Received<M>) => void,
    options?: SubscribeOptions<M>,
  ): Promise<Unsubscribe>;
  /** Any topic filter; bytes as they came, also twice. For skein-in and for diagnosis. @throws SkeinError TOPIC_INVALID, BUS_REFUSED */
  subscribeRaw(filter: string, listener: (message: RawMessage) => void): Promise<Unsubscribe>;
  /** Bytes as they are, no envelope. An empty `state` takes the kept one away. @throws SkeinError TOPIC_INVALID, MESSAGE_TOO_LARGE, BUS_REFUSED */
  publishRaw(topic: string, payload: Uint8Array, kind: Kind): Promise<void>;

  /**
   * Sends a command and waits for its reply.
   * @throws SkeinError REQUEST_TIMEOUT when nobody answers in time, BUS_DOWN at once when there is no link
   */
  request<M extends AnyMessage>(
    command: M,
    ids: Omit<IdsOf<M>, "issuer">,
    data: InputOf<M>,
    options?: RequestOptions,
  ): Promise<Outcome>;
  /**
   * Answers commands that are meant for us: refuses what is expired (COMMAND_EXPIRED, by our offset to leader/clock; also what may have waited and bears no deadline), for
   * an older run (COMMAND_STALE) or of an older epoch (COMMAND_OLD_EPOCH); answers a redelivered one from the journal and does it
   * once; one that a restart interrupted is answered COMMAND_INTERRUPTED. A `target` left out is ourselves.
   */
  serve<M extends AnyMessage>(
    command: M,
    ids: Partial<IdsOf<M>>,
    handler: CommandHandler<M>,
    options?: ServeOptions<M>,
  ): Promise<Unsubscribe>;

  /** The leader's clock now, ms, when its ticks have been heard; else undefined. */
  leaderNow(): number | undefined;

  /** Sends `leaving` where a presence was given, waits for what is in flight, closes without a will. Bounded by `timeoutMs` (default 2000). */
  close(timeoutMs?: number): Promise<void>;
  /** Dies as a crash would: the will is sent by the other side. */
  kill(): void;
}

export interface Refusal {
  readonly action: "read" | "write";
  /** The filter of a subscription (`message.filter(ids)`, or the raw one), or the topic that was written. */
  readonly topic: string;
  /** BUS_REFUSED */
  readonly error: SkeinError;
}

export interface Rejection {
  readonly topic: string;
  /** MESSAGE_NO_JSON, MESSAGE_INVALID, MESSAGE_TOO_LARGE, MESSAGE_WRONG_SENDER */
  readonly code: string;
  readonly detail: string;
}

export interface BusStats {
  readonly received: number;
  readonly sent: number;
  /** By rejection code. */
  readonly rejected: Readonly<Record<string, number>>;
  /** By kind: what overflowed while the link was down or slow. */
  readonly dropped: Readonly<Record<Kind, number>>;
  readonly connections: number;
}
