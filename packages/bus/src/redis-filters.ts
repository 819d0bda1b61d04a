/** What one connection to Redis listens to: MQTT's filters as Redis' patterns, each asked for once however many need it. */
import { filterMatches } from "@skein/contracts";
import type { Redis } from "ioredis";
import { CHANNEL } from "./redis-scripts";

/** Asks Redis, and says no as a bus does. @throws SkeinError BUS_DOWN, BUS_REFUSED */
export type Ask = <T>(question: () => Promise<T>) => Promise<T>;

export class RedisFilters {
  /** Each filter, and Redis' answer to it. */
  private readonly answers = new Map<string, Promise<void>>();
  /** Each pattern, Redis' answer to it, and how many filters need it. */
  private readonly patterns = new Map<string, { readonly answer: Promise<unknown>; users: number }>();

  constructor(
    private readonly redis: Pick<Redis, "psubscribe" | "punsubscribe">,
    private readonly ask: Ask,
  ) {}

  has(filter: string): boolean {
    return this.answers.has(filter);
  }

  /** Patterns match more than their filters do. */
  match(topic: string): boolean {
    for (const filter of this.answers.keys()) if (filterMatches(filter, topic)) return true;
    return false;
  }

  /** Whoever adds one that is still asked for gets the same answer. @throws SkeinError BUS_DOWN, BUS_REFUSED */
  add(filter: string): Promise<void> {
    const known = this.answers.get(filter);
    if (known) return known;
    const answer = this.listen(filter);
    this.answers.set(filter, answer);
    answer.catch(() => {
      if (this.answers.get(filter) === answer) this.answers.delete(filter);
    });
    return answer;
  }

  async remove(filter: string): Promise<void> {
    const answer = this.answers.get(filter);
    this.answers.delete(filter);
    const made = await answer?.then(
      () => true,
      () => false,
    );
    if (made) await this.release(filter);
  }

  private async listen(filter: string): Promise<void> {
    const answers = await Promise.allSettled(patternsOf(filter).map((pattern) => this.use(pattern)));
    const refused = answers.find(({ status }) => status === "rejected") as PromiseRejectedResult | undefined;
    if (!refused) return;
    await this.release(filter).catch(() => undefined);
    throw refused.reason;
  }

  private use(pattern: string): Promise<unknown> {
    const entry = this.patterns.get(pattern) ?? { answer: this.ask(() => this.redis.psubscribe(pattern)), users: 0 };
    entry.users++;
    this.patterns.set(pattern, entry);
    return entry.answer;
  }

  /** What `listen` used, whether or not Redis said yes to it. */
  private async release(filter: string): Promise<void> {
    for (const pattern of patternsOf(filter)) {
      const entry = this.patterns.get(pattern);
      if (!entry || --entry.users > 0) continue;
      this.patterns.delete(pattern);
      await this.ask(() => this.redis.punsubscribe(pattern));
    }
  }
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
