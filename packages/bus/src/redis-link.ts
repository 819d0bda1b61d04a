/** One connection to Redis, from its beginning to its end: two sockets, one to ask and one to listen, that live and die together. */
import type { Socket } from "node:net";
import { filterMatches } from "@skein/contracts";
import { type Clock, every, hasCode, type Logger, messageOf, type Random, SkeinError } from "@skein/kit";
import { Redis, type RedisOptions } from "ioredis";
import type { BusAddress } from "./bus-address";
import { patternsOf, RedisFilters } from "./redis-filters";
import { isLater, RedisIntake } from "./redis-intake";
import { Reaper } from "./redis-reaper";
import { CHANNEL, filtersKey, hereChannel, LOG, positionKey, type ScriptName, scripts, STATES } from "./redis-scripts";
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
  /** Filters, and Redis' no to each. */
  readonly refused: Map<string, SkeinError>;
}

export class RedisLink {
  private readonly asking: Redis;
  private readonly listening: Redis;
  private readonly token: string;
  private readonly filters: RedisFilters;
  private readonly intake: RedisIntake;
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
    this.filters = new RedisFilters(this.listening, (question) => this.ask(question));
    this.intake = new RedisIntake({
      wants: (topic) => this.filters.match(topic),
      onMessage: (message) => parts.onMessage(message),
      over: () => this.over,
      save: async (id) => {
        await this.ask(() => this.asking.set(positionKey(address.clientId), id, "PX", SESSION_MS));
      },
    });
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
      this.intake.live(channel.toString().slice(CHANNEL.length), message),
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
    this.intake.begin(position);
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
      await this.filters.add(filter).catch((error: unknown) => {
        if (!hasCode(error, "BUS_REFUSED")) throw error;
        refused.set(filter, error as SkeinError);
      });
    }
    await this.catchUp(since);
    this.intake.goLive();
    for (const filter of filters) if (!refused.has(filter)) await this.keep(filter);
    if (this.over) throw new SkeinError("BUS_DOWN", "not connected to the bus.");
    for (const filter of refused.keys()) if (!filters.has(filter)) refused.delete(filter);
    return { resumed: resumed === 1, refused };
  }

  async publish(topic: string, payload: Uint8Array, kind: string, expiresInMs = 0): Promise<void> {
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    if (kind === "telemetry" || kind === "media") {
      const header = Buffer.from(`t ${this.token}.${++this.sent}\n`);
      await this.ask(() => this.asking.publish(CHANNEL + topic, Buffer.concat([header, bytes])));
    } else await this.run("publish", kind, topic, bytes, Math.ceil(expiresInMs));
  }

  async subscribe(filter: string): Promise<void> {
    await this.filters.add(filter);
    await this.keep(filter);
  }

  async unsubscribe(filter: string): Promise<void> {
    if (!this.filters.has(filter)) return;
    await this.filters.remove(filter);
    await this.ask(() => this.asking.hdel(filtersKey(this.address.clientId), filter));
  }

  /** `clean`: what is in flight is answered first, and no will is said. */
  async end(how: "clean" | "dead"): Promise<void> {
    if (how === "clean" && !this.over) {
      await this.intake.save().catch(() => undefined);
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
          if (filterMatches(filter, topic)) this.intake.state(topic, kept, true);
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
      const entries = await this.ask(() => this.asking.xrangeBuffer(LOG, `(${this.intake.readTo}`, "+", "COUNT", PAGE));
      for (const [rawId, fields] of entries) {
        const id = rawId.toString();
        const [, topic, , payload, , expires] = fields;
        const name = topic?.toString() ?? "";
        const wanted = [...since].some(([filter, from]) => isLater(id, from) && filterMatches(filter, name));
        const stale = Number(expires?.toString()) > 0 && Number(expires?.toString()) < now;
        if (wanted && !stale) this.intake.event(name, payload ?? Buffer.alloc(0), id);
        else this.intake.skip(id);
      }
      more = entries.length === PAGE;
    }
  }

  /** Shows that we live, and sees when Redis does not answer any more or takes us for somebody else. */
  private watch(ttlMs: number): void {
    const reaper = this.address.reaper
      ? new Reaper(this.asking, (...args) => this.run("reap", ...args), this.parts)
      : undefined;
    let unanswered = 0;
    let refused = "";
    const refresh = async (): Promise<unknown> => {
      try {
        const answer = await this.run(
          "refresh",
          this.address.clientId,
          this.token,
          ttlMs,
          SESSION_MS,
          this.will ? 1 : 0,
        );
        refused = "";
        return answer;
      } catch (error) {
        if (!hasCode(error, "BUS_REFUSED")) throw error;
        // A no is an answer: its memory or disk is full, and what we write is refused one by one.
        if (error.message !== refused) this.parts.logger.warn({ code: error.code }, error.message);
        refused = error.message;
        return undefined;
      }
    };
    const beat = async (): Promise<void> => {
      if (unanswered >= 3) return this.fall({ up: false, code: "BUS_UNREACHABLE", why: "timed out" });
      unanswered++;
      const [answer] = await Promise.all([refresh(), this.ask(() => this.listening.ping())]);
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
    const { sha, text } = scripts[name];
    return this.ask(() =>
      this.asking.evalsha(sha, 0, ...args).catch((error: unknown) => {
        // Somebody has flushed the scripts: EVAL loads ours again.
        if (/^NOSCRIPT\b/.test(messageOf(error))) return this.asking.eval(text, 0, ...args);
        throw error;
      }),
    );
  }

  /** What Redis neither does nor refuses (it is busy, or gone) is the end of this connection. @throws SkeinError BUS_DOWN, BUS_REFUSED */
  private async ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.over) throw new SkeinError("BUS_DOWN", "not connected to the bus.");
    try {
      return await question();
    } catch (error) {
      const refusal = /^(NOPERM|OOM|MISCONF|READONLY|WRONGTYPE|ERR)\b/.test(messageOf(error));
      if (refusal) throw new SkeinError("BUS_REFUSED", `Redis says no: ${messageOf(error)}.`, { cause: error });
      this.fall(lossOf(error));
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

export function lossOf(error: unknown): Extract<LinkState, { up: false }> {
  const why = messageOf(error);
  if (/^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(why))
    return { up: false, code: "BUS_NOT_AUTHORISED", why: "not authorised" };
  return { up: false, code: "BUS_UNREACHABLE", why: hasCode(error, "ECONNREFUSED") ? "connection refused" : why };
}
