/** What the broker counts, and how it says what it refused: the first, the tenth, the hundredth time, not ten thousand times. */
import { type Clock, type Logger, every } from "@skein/kit";
import type { Aedes } from "./load-aedes";
import type { Persistence } from "./persistence";

export type Refusal =
  "login" | "client-id" | "will" | "publish" | "subscribe" | "oversized" | "rate" | "protocol" | "slow";

export interface BrokerStats {
  readonly clients: number;
  /** Published by clients since the start, and per second over the last full second. */
  readonly messages: number;
  readonly messagesPerS: number;
  /** Refused since the start, by reason: `slow` counts cut-off receivers, `protocol` connections that spoke no MQTT or broke off in a packet. */
  readonly refused: Readonly<Record<Refusal, number>>;
  /** Telemetry not given to receivers that are too slow, and messages dropped from full queues. */
  readonly dropped: { readonly telemetry: number; readonly queued: number };
  readonly stored: { readonly retained: number; readonly sessions: number };
}

const REFUSALS: readonly Refusal[] = [
  "login",
  "client-id",
  "will",
  "publish",
  "subscribe",
  "oversized",
  "rate",
  "protocol",
  "slow",
];

/** Aedes' words. Our own clients try MQTT 5 first and then take 3.1.1: each would warn at every start. */
const OTHER_VERSION = "unacceptable protocol version";

const BEFORE_LOGIN: ReadonlySet<Refusal> = new Set(["login", "client-id"]);

export class Counters {
  droppedTelemetry = 0;
  private messages = 0;
  private messagesPerS = 0;
  private readonly refused = Object.fromEntries(REFUSALS.map((reason) => [reason, 0])) as Record<Refusal, number>;
  private readonly told = new Map<string, number>();
  private aedes: Aedes | undefined;
  private store: Persistence | undefined;
  readonly stop: () => void;

  constructor(
    clock: Clock,
    private readonly logger: Logger,
  ) {
    let before = 0;
    this.stop = every(clock, 1000, () => {
      this.messagesPerS = this.messages - before;
      before = this.messages;
    });
  }

  install(aedes: Aedes, store: Persistence): void {
    this.aedes = aedes;
    this.store = store;
    aedes.on("publish", (_packet, client) => {
      if (client) this.messages++;
    });
    aedes.on("connectionError", (_client, error) => this.refuse("protocol", error.message));
    aedes.on("clientError", (client, error) =>
      this.logger.debug({ client: client.id, reason: error.message }, "connection ended"),
    );
    (aedes as NodeJS.EventEmitter).on("error", (error: Error) => this.logger.error({ err: error }, "broker error"));
  }

  refuse(reason: Refusal, who: string, what?: string): void {
    this.refused[reason]++;
    // Before a login the name is whatever the stranger says: a new one each time must not be a new line each time.
    const key = BEFORE_LOGIN.has(reason) ? reason : `${reason} ${who}`;
    const times = (this.told.get(key) ?? 0) + 1;
    // Names come from outside: the table must not grow for ever.
    if (this.told.size > 10_000) this.told.clear();
    this.told.set(key, times);
    if (!Number.isInteger(Math.log10(times))) return;
    const level = reason === "protocol" && who === OTHER_VERSION ? "debug" : "warn";
    this.logger[level]({ reason, who, what, times }, "refused");
  }

  stats(): BrokerStats {
    return {
      clients: this.aedes?.connectedClients ?? 0,
      messages: this.messages,
      messagesPerS: this.messagesPerS,
      refused: { ...this.refused },
      dropped: { telemetry: this.droppedTelemetry, queued: this.store?.dropped ?? 0 },
      stored: this.store?.stored ?? { retained: 0, sessions: 0 },
    };
  }
}
