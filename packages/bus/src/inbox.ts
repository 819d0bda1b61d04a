import type { AnyMessage } from "@skein/contracts";
import { MAX_MESSAGE_BYTES } from "@skein/contracts";
import { type Clock, type Logger, messageOf } from "@skein/kit";
import type { Rejection } from "./bus";
import { open, parseJson, writerOf } from "./codec";
import type { Group, Listeners } from "./listeners";
import type { Incoming } from "./transport";

export interface InboxOptions {
  readonly listeners: Listeners;
  readonly clock: Clock;
  readonly logger: Logger;
  onReceived(): void;
  onRejected(rejection: Rejection): void;
}

/** How long after the first connection mail without a listener is kept, ms, and how much of it. */
const EARLY_MS = 10_000;
const EARLY_MAX = 1000;
const EARLY_MAX_BYTES = 4 * 1024 * 1024;
/** How many pairs of sender and reason are remembered as told. */
const TOLD_MAX = 1000;

/** Remembers the last `max` to 2 * `max` ids: at-least-once delivery and overlapping subscriptions bring a message twice. */
class Recent {
  private now = new Set<string>();
  private before = new Set<string>();

  constructor(private readonly max: number) {}

  /** True when it was here before; it is from now on. */
  has(key: string): boolean {
    if (this.now.has(key) || this.before.has(key)) return true;
    if (this.now.size >= this.max) {
      this.before = this.now;
      this.now = new Set();
    }
    this.now.add(key);
    return false;
  }
}

/**
 * The way in: bytes to checked messages to listeners. It runs thousands of times a second in the leader: one look-up by
 * topic, one JSON.parse, one zod pass per contract.
 */
export class Inbox {
  private early: Incoming[] = [];
  private earlyBytes = 0;
  private earlyUntil = Infinity;
  private readonly told = new Set<string>();
  /** A redelivery comes after a reconnection, another subscription's copy at once: they are remembered apart, for telemetry is much. */
  private readonly recent = new Recent(4096);
  private readonly recentTelemetry = new Recent(512);

  constructor(private readonly options: InboxOptions) {}

  /** The first connection: mail for listeners that do not stand yet is kept for a while from here on. */
  connected(): void {
    if (this.earlyUntil !== Infinity) return;
    this.earlyUntil = this.options.clock.monotonic() + EARLY_MS;
    // Who listens later must not take what is old for news.
    this.options.clock.setTimer(() => this.takeEarly(), EARLY_MS, { unref: true });
  }

  /** What came from a persistent session before anybody listened goes to those who listen now. */
  deliverEarly(): void {
    if (this.early.length === 0) return;
    const kept = this.takeEarly();
    // A machine that slept wakes up before its timers do.
    if (this.options.clock.monotonic() <= this.earlyUntil) for (const message of kept) this.take(message);
  }

  private takeEarly(): readonly Incoming[] {
    const kept = this.early;
    this.early = [];
    this.earlyBytes = 0;
    return kept;
  }

  take(incoming: Incoming): void {
    const { topic, payload, retained } = incoming;
    const route = this.options.listeners.route(topic);
    if (route.typed.length === 0 && route.raw.length === 0) return this.keepEarly(incoming);
    this.options.onReceived();
    for (const group of route.raw)
      for (const listener of group.raw) this.call(() => listener({ topic, payload, retained }), topic);
    if (route.typed.length === 0) return;
    const parsed = payload.byteLength > 0 && payload.byteLength <= MAX_MESSAGE_BYTES ? parseJson(payload) : undefined;
    for (const { message, ids, groups } of route.typed) {
      if (!ids) {
        this.reject(topic, undefined, "MESSAGE_INVALID", "the topic bears something that is no id");
      } else if (payload.byteLength === 0 && message.kind === "state") {
        for (const group of groups) for (const listener of group.typed) this.call(() => listener.onCleared(ids), topic);
      } else if (payload.byteLength > message.maxBytes) {
        this.reject(
          topic,
          writerOf(message, ids),
          "MESSAGE_TOO_LARGE",
          `${payload.byteLength} bytes, and ${message.maxBytes} is the limit`,
        );
      } else if (!parsed) {
        this.reject(topic, writerOf(message, ids), "MESSAGE_NO_JSON", "the payload is no JSON in UTF-8");
      } else this.deliver(incoming, message, ids, groups, parsed.json);
    }
  }

  private deliver(
    incoming: Incoming,
    message: AnyMessage,
    ids: Readonly<Record<string, string>>,
    groups: readonly Group[],
    json: unknown,
  ): void {
    const { topic, retained } = incoming;
    const opened = open(message, ids, json);
    if (!opened.ok) return this.reject(topic, writerOf(message, ids), opened.code, opened.detail);
    // A redelivered command must reach its server, which answers it again; everything else is told once.
    if (!retained && message.kind !== "command") {
      const recent = message.kind === "telemetry" ? this.recentTelemetry : this.recent;
      if (recent.has(opened.envelope.id + topic)) return;
    }
    const received = { topic, ids: ids as never, envelope: opened.envelope, data: opened.data, retained };
    for (const group of groups)
      for (const listener of group.typed) this.call(() => listener.onMessage(received), topic);
  }

  private keepEarly(incoming: Incoming): void {
    const bytes = this.earlyBytes + incoming.payload.byteLength;
    if (incoming.retained || this.early.length >= EARLY_MAX || bytes > EARLY_MAX_BYTES) return;
    if (this.options.clock.monotonic() > this.earlyUntil) return;
    this.early.push(incoming);
    this.earlyBytes = bytes;
  }

  private reject(topic: string, sender: string | undefined, code: Rejection["code"], detail: string): void {
    this.options.onRejected({ topic, code, detail });
    const key = `${sender ?? topic} ${code}`;
    if (this.told.has(key) || this.told.size >= TOLD_MAX) return;
    this.told.add(key);
    this.options.logger.warn(
      { topic, sender, code, detail },
      "dropped a message that does not fit; more of this kind from this sender are only counted",
    );
  }

  /** One listener's fault is not another's. */
  private call(deliver: () => void, topic: string): void {
    try {
      deliver();
    } catch (error) {
      this.options.logger.error({ err: error, topic }, `a listener failed: ${messageOf(error)}`);
    }
  }
}
