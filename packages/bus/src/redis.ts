import { type CancelTimer, type Clock, hasCode, type Logger, type Random, silentLogger, SkeinError } from "@skein/kit";
import type { BusAddress } from "./bus-address";
import { lossOf, RedisLink } from "./redis-link";
import { reconnectPace } from "./reconnect-pace";
import type { LinkState, Transport, TransportHandlers } from "./transport";

const BACKOFF = { baseMs: 250, maxMs: 5000 };
const TAKEN_OVER_WAIT_MS = 5000;

/**
 * Redis (7 or later, one server, no cluster): events and commands in one trimmed stream and, live, by pub/sub; states in a
 * hash; telemetry and media by pub/sub alone. Keys and scripts: redis-scripts.ts.
 *
 * - Nothing is lost while away: each client id has its position in the stream, which moves on when a message has been
 *   handled, and its filters. About the last 10,000 events and commands wait; commands that expired meanwhile do not. Of states
 *   one gets the latest; that a state was taken away while one was away one does not hear.
 * - Wills: Redis has none. Whoever has `reaper` (the leader) says them, a second after a connection ended, or when the key
 *   `skein:alive:ID` (1.5 keep-alives) has expired because a connection is half open. While no leader runs nobody says
 *   them; they wait, and the next leader says them once it runs. The will of a connection whose client id is
 *   taken over is said by the one that takes over.
 * - There are no access rules per topic here: everybody who has the password may write everything. Where that matters, use MQTT.
 */
export function createRedisTransport(
  address: BusAddress,
  parts: { clock: Clock; random: Random; logger?: Logger },
): Transport {
  const filters = new Set<string>();
  /** Given up while there was no link: Redis still holds them in our session. */
  const dropped = new Set<string>();
  let handlers: TransportHandlers | undefined;
  let link: RedisLink | undefined;
  let up = false;
  let ended = false;
  const pace = reconnectPace(parts, BACKOFF);
  let cancelRetry: CancelTimer = () => {};

  const open = (): void => {
    if (ended || !handlers) return;
    const given = handlers;
    const mine: RedisLink = new RedisLink(address, given.will(), {
      clock: parts.clock,
      random: parts.random,
      logger: parts.logger ?? silentLogger,
      onMessage: (message) => {
        if (link === mine) given.onMessage(message);
      },
      onFall: (loss) => fell(mine, loss),
    });
    link = mine;
    stand(mine, given).catch((error: unknown) => {
      void mine.end("dead");
      fell(mine, lossOf(error instanceof SkeinError ? (error.cause ?? error) : error));
    });
  };

  const stand = async (mine: RedisLink, given: TransportHandlers): Promise<void> => {
    const asked = new Set(filters);
    const over = [...dropped];
    const { resumed, refused } = await mine.open(asked, over);
    for (const filter of over) dropped.delete(filter);
    // Asked for while we were connecting.
    for (const filter of filters) {
      if (asked.has(filter)) continue;
      await mine.subscribe(filter).catch((error: unknown) => {
        if (!hasCode(error, "BUS_REFUSED")) throw error;
        refused.set(filter, error as SkeinError);
      });
    }
    // Given up while we were connecting.
    for (const filter of dropped) {
      await mine.unsubscribe(filter);
      dropped.delete(filter);
    }
    if (link !== mine) return;
    up = true;
    pace.stood();
    given.onLink({ up: true, resumed });
    for (const [filter, error] of refused) if (link === mine) given.onRefused?.(filter, error);
  };

  const fell = (which: RedisLink, loss: Extract<LinkState, { up: false }>): void => {
    if (link !== which || ended) return;
    link = undefined;
    up = false;
    handlers?.onLink(loss);
    // Whoever is told may close us.
    if (ended as boolean) return;
    const wait = pace.fell();
    cancelRetry = parts.clock.setTimer(open, loss.code === "BUS_TAKEN_OVER" ? wait + TAKEN_OVER_WAIT_MS : wait);
  };

  const end = async (how: "clean" | "dead"): Promise<void> => {
    ended = true;
    cancelRetry();
    const last = link;
    link = undefined;
    up = false;
    await last?.end(how);
  };

  return {
    name: "redis",
    features: { wills: "reaper", messageExpiry: true, reasonCodes: true },
    start(given) {
      handlers = given;
      cancelRetry = parts.clock.setTimer(open, 0);
    },
    async publish(topic, payload, { kind, expiresInMs }) {
      if (!link || !up) throw new SkeinError("BUS_DOWN", "not connected to the bus.");
      await link.publish(topic, payload, kind, expiresInMs);
    },
    async subscribe(filter) {
      const known = filters.has(filter);
      filters.add(filter);
      dropped.delete(filter);
      if (!link || !up) return;
      await link.subscribe(filter).catch((error: unknown) => {
        // Others who asked for it earlier still wait for it.
        if (hasCode(error, "BUS_REFUSED") && !known) filters.delete(filter);
        throw error;
      });
    },
    async unsubscribe(filter) {
      filters.delete(filter);
      if (link && up) await link.unsubscribe(filter).catch(() => undefined);
      else dropped.add(filter);
    },
    close: () => end("clean"),
    kill: () => void end("dead"),
  };
}
