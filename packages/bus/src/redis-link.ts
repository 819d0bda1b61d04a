/** One connection to Redis, from its beginning to its end: two sockets, one to ask and one to listen, that live and die together. */
import type { Socket } from "node:net";
import { filterMatches } from "@skein/contracts";
import { type Clock, every, hasCode, type Logger, messageOf, type Random, SkeinError } from "@skein/kit";
import { Redis, type RedisOptions } from "ioredis";
import type { BusAddress } from "./bus-address";
import { CHANNEL, filtersKey, hereChannel, LOG, positionKey, type ScriptName, scripts, STATES } from "./redis-scripts";
import { Reaper } from "./redis-reaper";

import type { Incoming, LinkState, Will } from "./transport";

/** A session that has not been seen for so long is forgotten, ms: a week. */
const SESSION_MS = 7 * 86_400_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Entries of the log, and of the states, in one answer. */
const PAGE = 500;

const TAKEN_OVER = {
  up: false,
  code: "BUS_TAKEN_OVER",
  why: "another connection took over our client id",
} as const;

export interface LinkParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  onMessage(message: Incoming): void;
  /** Once, when it is over and was not ended by us. */
  onFall(loss: Extract<LinkState, { up: false }>): void;
}

export interface Opened {
  readonly resumed: boolean;
  readonly refused: readonly (readonly [filter: string, error: SkeinError])[];
}

export class RedisLink {
  private readonly asking: Redis;
  private readonly listening: Redis;
  private readonly token: string;
  /** What we listen to, and Redis' answer to it. */
  private readonly filters = new Map<string, Promise<void>>();
  /** Redis patterns, and how many filters need each. */
  private readonly patterns = new Map<string, number>();
  /** Number of the last state delivered, by topic: an older one that was on its way is not delivered after it. */
  private readonly stateNumbers = new Map<string, number>();
  /** Live messages that wait until those before them have come from the log. */
  private waiting: (() => void)[] | undefined = [];
  private position = "0-0";
  private handled = "0-0";
  private saving = false;
  private lastHeader = "";
  private sent = 0;
  private over = false;
  private stopWatch = (): void => undefined;
  private stopWaiting = (): void => undefined;

  constructor(
    private readonly address: BusAddress,
    private readonly will: Will | undefined,
    private readonly parts: LinkParts,
  ) {
    this.token = Buffer.from(parts.random.bytes(12)).toString("base64url");
    const options = redisOptions(address);
    this.asking = new Redis(address.url, options);
    this.listening = new Redis(address.url, options);
    for (const redis of [this.asking, this.listening]) {
      redis.on("error", (error) => this.fall(lossOf(error)));
      redis.on("end", () => this.fall({ up: false, code: "BUS_UNREACHABLE", why: "connection lost" }));
    }
  }

  /**
   * Connects, takes up the session without the filters in `dropped`, subscribes to `filters` and delivers what waited. Answers
   * whether a session waited, and what Redis does not let us read.
   */
  async open(filters: ReadonlySet<string>, dropped: readonly string[]): Promise<Opened> {
    // ioredis' own limit ends with the TCP handshake, and a server may go silent after it.
    const late = (): void => this.fall({ up: false, code: "BUS_UNREACHABLE", why: "timed out" });
    this.stopWaiting = this.parts.clock.setTimer(late, CONNECT_TIMEOUT_MS);
    await Promise.all([this.asking.connect(), this.listening.connect()]);
    const { clientId } = this.address;
    this.listening.on("messageBuffer", () => this.fall(TAKEN_OVER));
    this.listening.on("pmessageBuffer", (_pattern, channel, message) =>
      this.receive(channel.toString().slice(CHANNEL.length), message),
    );
    await this.listening.subscribe(hereChannel(clientId, this.token));
    const run = await redisRun(this.asking);
    await Promise.all(Object.values(scripts).map(({ text }) => this.asking.script("LOAD", text)));
    const will = this.will ? [this.will.kind, this.will.topic, Buffer.from(this.will.payload)] : [];
    const ttlMs = this.keepAliveMs * 1.5;
    const [resumed, position, stored] = (await this.run(
      "connect",
      clientId,
      this.token,
      ttlMs,
      SESSION_MS,
      run,
      ...will,
    )) as [number, string, string[]];
    this.position = this.handled = position;
    this.watch(ttlMs);
    this.stopWaiting();
    const since = new Map(
      Array.from({ length: stored.length / 2 }, (_, n) => [stored[2 * n] ?? "", stored[2 * n + 1] ?? ""]),
    );
    for (const filter of dropped) {
      since.delete(filter);
      await this.ask(() => this.asking.hdel(filtersKey(clientId), filter));
    }
    const refused = new Map<string, SkeinError>();
    for (const filter of new Set([...since.keys(), ...filters])) {
      await this.listenTo(filter).catch((error: unknown) => {
        if (!hasCode(error, "BUS_REFUSED")) throw error;
        refused.set(filter, error as SkeinError);
      });
    }
    await this.catchUp(since);
    for (const deliver of this.waiting ?? []) deliver();
    this.waiting = undefined;
    for (const filter of filters) if (!refused.has(filter)) await this.keep(filter);
    if (this.over) throw new SkeinError("BUS_DOWN", "not connected to the bus.");
    return { resumed: resumed === 1, refused: [...refused].filter(([filter]) => filters.has(filter)) };
  }

  async publish(topic: string, payload: Uint8Array, kind: string, expiresInMs = 0): Promise<void> {
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    if (kind === "telemetry" || kind === "media") {
      const header = Buffer.from(`t ${this.token}.${++this.sent}\n`);
      await this.ask(() => this.asking.publish(CHANNEL + topic, Buffer.concat([header, bytes])));
    } else await this.run("publish", kind, topic, bytes, Math.ceil(expiresInMs));
  }

  async subscribe(filter: string): Promise<void> {
    await this.listenTo(filter);
    await this.keep(filter);
  }

  async unsubscribe(filter: string): Promise<void> {
    if (!this.filters.has(filter)) return;
    await this.listenNoMore(filter);
    await this.ask(() => this.asking.hdel(filtersKey(this.address.clientId), filter));
  }

  /** `clean`: what is in flight is answered first, and no will is said. */
  async end(how: "clean" | "dead"): Promise<void> {
    if (how === "clean" && !this.over) {
      await this.save().catch(() => undefined);
      await this.run("close", this.address.clientId, this.token).catch(() => undefined);
    }
    this.over = true;
    this.stopWatch();
    this.stopWaiting();
    for (const redis of [this.asking, this.listening]) {
      // ioredis listens to a socket's first error only, and would wait for a peer that may be frozen.
      const { stream } = redis as { stream?: Socket };
      stream?.on("error", () => undefined);
      redis.disconnect();
      stream?.destroy();
    }
  }

  private get keepAliveMs(): number {
    return (this.address.keepAliveS ?? 10) * 1000;
  }

  private listenTo(filter: string): Promise<void> {
    const asked = this.filters.get(filter) ?? this.listenFirst(filter);
    this.filters.set(filter, asked);
    return asked;
  }

  private async listenFirst(filter: string): Promise<void> {
    for (const pattern of patternsOf(filter)) {
      const count = this.patterns.get(pattern) ?? 0;
      this.patterns.set(pattern, count + 1);
      if (count === 0) {
        await this.ask(() => this.listening.psubscribe(pattern)).catch(async (error: unknown) => {
          if (hasCode(error, "BUS_REFUSED")) await this.listenNoMore(filter);
          throw error;
        });
      }
    }
  }

  private async listenNoMore(filter: string): Promise<void> {
    this.filters.delete(filter);
    for (const pattern of patternsOf(filter)) {
      const left = (this.patterns.get(pattern) ?? 0) - 1;
      // One that was never made, since the one before it was refused.
      if (left < 0) continue;
      if (left > 0) this.patterns.set(pattern, left);
      else {
        this.patterns.delete(pattern);
        await this.ask(() => this.listening.punsubscribe(pattern));
      }
    }
  }

  /** Remembers the filter in the session and replays the states it matches. */
  private async keep(filter: string): Promise<void> {
    await this.run("subscribe", this.address.clientId, filter, SESSION_MS);
    for (const pattern of patternsOf(filter)) {
      let cursor = "0";
      do {
        const match = pattern.slice(CHANNEL.length);
        const [next, pairs] = await this.ask(() =>
          this.asking.hscanBuffer(STATES, cursor, "MATCH", match, "COUNT", PAGE),
        );
        for (let at = 0; at + 1 < pairs.length; at += 2) {
          const [topic, kept] = [pairs[at]?.toString() ?? "", pairs[at + 1] ?? Buffer.alloc(0)];
          if (filterMatches(filter, topic)) this.deliverState(topic, kept, true);
        }
        cursor = next.toString();
      } while (cursor !== "0");
    }
  }

  /** Events and commands since we were last here. */
  private async catchUp(since: ReadonlyMap<string, string>): Promise<void> {
    if (since.size === 0) return;
    const [seconds, micros] = await this.ask(() => this.asking.time());
    const now = Number(seconds) * 1000 + Number(micros) / 1000;
    for (let more = true; more;) {
      const entries = await this.ask(() => this.asking.xrangeBuffer(LOG, `(${this.position}`, "+", "COUNT", PAGE));
      for (const [rawId, fields] of entries) {
        const id = rawId.toString();
        const [, topic, , payload, , expires] = fields;
        this.position = id;
        const name = topic?.toString() ?? "";
        const wanted = [...since].some(([filter, from]) => isLater(id, from) && filterMatches(filter, name));
        const stale = Number(expires?.toString()) > 0 && Number(expires?.toString()) < now;
        if (wanted && !stale) this.deliver({ topic: name, payload: payload ?? Buffer.alloc(0), retained: false }, id);
      }
      more = entries.length === PAGE;
    }
  }

  /** Overlapping patterns bring a message once each, one right after the other. */
  private receive(topic: string, message: Buffer): void {
    const end = message.indexOf(10);
    const header = message.toString("latin1", 0, end);
    if (end < 0 || header === this.lastHeader) return;
    this.lastHeader = header;
    const rest = message.subarray(2);
    const payload = message.subarray(end + 1);
    const deliver = (): void => {
      if (header.startsWith("s ")) this.deliverState(topic, rest, false);
      else if (header.startsWith("t ")) this.deliver({ topic, payload, retained: false });
      else if (isLater(header.slice(2), this.position)) {
        this.position = header.slice(2);
        this.deliver({ topic, payload, retained: false }, this.position);
      }
    };
    if (this.waiting) this.waiting.push(deliver);
    else deliver();
  }

  private deliverState(topic: string, numbered: Buffer, retained: boolean): void {
    const end = numbered.indexOf(10);
    const number = Number(numbered.toString("latin1", 0, end));
    if (number < (this.stateNumbers.get(topic) ?? 0)) return;
    this.stateNumbers.set(topic, number);
    this.deliver({ topic, payload: numbered.subarray(end + 1), retained });
  }

  /** The position moves on only when the listeners have returned: who dies in one gets the message again. */
  private deliver(message: Incoming, id?: string): void {
    if (this.over || ![...this.filters.keys()].some((filter) => filterMatches(filter, message.topic))) return;
    this.parts.onMessage(message);
    if (id === undefined || this.over) return;
    this.handled = id;
    // A position that was not saved means hearing a message twice, never losing it; the next one saves both.
    if (!this.saving) void this.save().catch(() => undefined);
  }

  /** One write at a time; what was handled meanwhile goes with the next. */
  private async save(): Promise<void> {
    this.saving = true;
    try {
      for (let saved = ""; saved !== this.handled && !this.over;) {
        saved = this.handled;
        const id = saved;
        await this.ask(() => this.asking.set(positionKey(this.address.clientId), id, "PX", SESSION_MS));
      }
    } finally {
      this.saving = false;
    }
  }

  /** Shows that we live, and sees when Redis does not answer any more or takes us for somebody else. */
  private watch(ttlMs: number): void {
    const reaper = this.address.reaper
      ? new Reaper(this.asking, (...args) => this.run("reap", ...args), this.parts)
      : undefined;
    let unanswered = 0;
    const beat = async (): Promise<void> => {
      if (unanswered >= 3) return this.fall({ up: false, code: "BUS_UNREACHABLE", why: "timed out" });
      unanswered++;
      const refresh = this.run("refresh", this.address.clientId, this.token, ttlMs, SESSION_MS, this.will ? 1 : 0);
      const [answer] = await Promise.all([refresh, this.ask(() => this.listening.ping())]);
      unanswered = 0;
      if (answer === 2) this.fall(TAKEN_OVER);
      if (answer === 0)
        this.fall({ up: false, code: "BUS_UNREACHABLE", why: "silent for so long that we were taken for dead" });
    };
    const stops = [
      // A beat that fails stays unanswered: three of them are the end of the connection.
      every(this.parts.clock, this.keepAliveMs / 3, () => void beat().catch(() => undefined)),
      reaper ? reaper.start() : () => undefined,
    ];
    this.stopWatch = () => stops.forEach((stop) => stop());
    if (this.over) this.stopWatch();
  }

  private run(name: ScriptName, ...args: (string | number | Buffer)[]): Promise<unknown> {
    return this.ask(() => this.asking.evalsha(scripts[name].sha, 0, ...args));
  }

  /** @throws SkeinError BUS_DOWN, BUS_REFUSED */
  private async ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.over) throw new SkeinError("BUS_DOWN", "not connected to the bus.");
    try {
      return await question();
    } catch (error) {
      const refusal = /^(NOPERM|OOM|MISCONF|READONLY|WRONGTYPE|ERR)\b/.test(messageOf(error));
      if (refusal) throw new SkeinError("BUS_REFUSED", `Redis says no: ${messageOf(error)}.`, { cause: error });
      throw new SkeinError("BUS_DOWN", "not connected to the bus.", { cause: error });
    }
  }

  private fall(loss: Extract<LinkState, { up: false }>): void {
    if (this.over) return;
    void this.end("dead");
    this.parts.onFall(loss);
  }
}

function redisOptions({ url, username, password, tls }: BusAddress): RedisOptions {
  return {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // The transport connects anew by itself: a connection is a session.
    retryStrategy: () => null,
    // Its timer outlives a socket that is already closed.
    disconnectTimeout: 100,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(url.startsWith("rediss:") ? { tls: { ...tls } } : {}),
  };
}

/** Which run of Redis this is: with it the connections of the one before are gone. */
async function redisRun(redis: Redis): Promise<string> {
  const info = await redis.info("server");
  return /^run_id:(\w+)/m.exec(info)?.[1] ?? "";
}

/** `a/+/c` as Redis globs: `*` also spans levels, so what comes is matched again. */
export function patternsOf(filter: string): string[] {
  const glob = (levels: readonly string[]) =>
    levels.map((level) => (level === "+" ? "*" : level.replace(/[*?[\]\\^-]/g, "\\$&"))).join("/");
  const levels = filter.split("/");
  if (levels.at(-1) !== "#") return [CHANNEL + glob(levels)];
  const parent = levels.slice(0, -1);
  return parent.length === 0 ? [`${CHANNEL}*`] : [CHANNEL + glob(parent), `${CHANNEL}${glob(parent)}/*`];
}

/** Ids of the log are `MS-COUNT`. */
export function isLater(id: string, than: string): boolean {
  const [a = 0, b = 0] = id.split("-").map(Number);
  const [c = 0, d = 0] = than.split("-").map(Number);
  return a > c || (a === c && b > d);
}

export function lossOf(error: unknown): Extract<LinkState, { up: false }> {
  const why = messageOf(error);
  if (/^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(why))
    return { up: false, code: "BUS_NOT_AUTHORISED", why: "not authorised" };
  return { up: false, code: "BUS_UNREACHABLE", why: hasCode(error, "ECONNREFUSED") ? "connection refused" : why };
}
