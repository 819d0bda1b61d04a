/** What one connection to Redis listens to: MQTT's filters as Redis' patterns, each asked for once however many need it. */
import { filterMatches } from "@skein/contracts";
import { hasCode } from "@skein/kit";
import type { Redis } from "ioredis";
import { CHANNEL } from "./redis-scripts";

/** Asks Redis, and says no as a bus does. @throws SkeinError BUS_DOWN, BUS_REFUSED */
export type Ask = <T>(question: () => Promise<T>) => Promise<T>;

export class RedisFilters {
  /** Each filter, and Redis' answer to it. */
  private readonly answers = new Map<string, Promise<void>>();
  /** Each pattern, and how many filters need it. */
  private readonly needed = new Map<string, number>();

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
    const answer = this.answers.get(filter) ?? this.listen(filter);
    this.answers.set(filter, answer);
    return answer;
  }

  async remove(filter: string): Promise<void> {
    this.answers.delete(filter);
    for (const pattern of patternsOf(filter)) {
      const left = (this.needed.get(pattern) ?? 0) - 1;
      // One that was never made, since the one before it was refused.
      if (left < 0) continue;
      if (left > 0) this.needed.set(pattern, left);
      else {
        this.needed.delete(pattern);
        await this.ask(() => this.redis.punsubscribe(pattern));
      }
    }
  }

  private async listen(filter: string): Promise<void> {
    for (const pattern of patternsOf(filter)) {
      const count = this.needed.get(pattern) ?? 0;
      this.needed.set(pattern, count + 1);
      if (count > 0) continue;
      await this.ask(() => this.redis.psubscribe(pattern)).catch(async (error: unknown) => {
        if (hasCode(error, "BUS_REFUSED")) await this.remove(filter);
        throw error;
      });
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
