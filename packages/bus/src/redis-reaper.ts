/**
 * Turns the deaths of others into their wills: whoever has `reaper` in its address does, which is the leader. A connection is dead when
 * nobody listens on its own channel any more (its socket closed: seen within a second), or when its key has expired (half open). Two
 * reapers do no harm: the script that says a will takes it away in the same step.
 */
import { type Clock, every, type Logger, messageOf } from "@skein/kit";
import type { Redis } from "ioredis";
import { aliveKey, hereChannel, WILLS, willKey } from "./redis-scripts";

const SWEEP_MS = 1000;
/** After a start of Redis everybody gets so long to come back before wills from before it count, ms. */
const GRACE_MS = 30_000;
/** Connections looked at in one question. */
const PAGE = 500;

export class Reaper {
  private busy = false;

  constructor(
    private readonly redis: Redis,
    private readonly reap: (clientId: string, token: string, expired: number) => Promise<unknown>,
    private readonly parts: { readonly clock: Clock; readonly logger: Logger },
  ) {}

  start(): () => void {
    return every(this.parts.clock, SWEEP_MS, () => {
      if (this.busy) return;
      this.busy = true;
      this.sweep()
        .catch((error: unknown) => this.parts.logger.debug({ reason: messageOf(error) }, "could not look for the dead"))
        .finally(() => (this.busy = false));
    });
  }

  private async sweep(): Promise<void> {
    const all = Object.entries(await this.redis.hgetall(WILLS));
    if (all.length === 0) return;
    const server = await this.redis.info("server");
    const run = /^run_id:(\w+)/m.exec(server)?.[1];
    const young = Number(/^uptime_in_seconds:(\d+)/m.exec(server)?.[1] ?? 0) * 1000 < GRACE_MS;
    for (let at = 0; at < all.length; at += PAGE) {
      const page = all.slice(at, at + PAGE);
      const listeners = (await this.redis.pubsub(
        "NUMSUB",
        ...page.map(([clientId, token]) => hereChannel(clientId, token)),
      )) as (string | number)[];
      const keys = await this.redis.mget(page.map(([clientId]) => aliveKey(clientId)));
      for (const [index, [clientId, token]] of page.entries()) {
        const gone = Number(listeners[2 * index + 1]) === 0;
        const expired = keys[index] === null;
        if (!gone && !expired) continue;
        if (young && (await this.redis.hget(willKey(clientId), "run")) !== run) continue;
        if ((await this.reap(clientId, token, gone ? 0 : 1)) === 1)
          this.parts.logger.debug({ clientId, gone }, "said the will of a dead connection");
      }
    }
  }
}
