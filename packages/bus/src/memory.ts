import { type CancelTimer, type Clock, type Random, SkeinError } from "@skein/kit";
import { type HubClient, memoryHub } from "./memory-hub";
import { reconnectPace } from "./reconnect-pace";
import type { Incoming, Transport, TransportHandlers } from "./transport";

const BACKOFF = { baseMs: 20, maxMs: 1000 };

/** The transport over a hub in this process. Everything happens a microtask later, in order, as over a wire that is fast. */
export function createMemoryTransport(
  hubName: string,
  clientId: string,
  parts: { clock: Clock; random: Random },
): Transport {
  const hub = memoryHub(hubName);
  const filters = new Set<string>();
  let handlers: TransportHandlers | undefined;
  let client: HubClient | undefined;
  let ended = false;
  const pace = reconnectPace(parts, BACKOFF);
  let cancelRetry: CancelTimer = () => {};

  const connect = (): void => {
    if (ended || !handlers) return;
    const given = handlers;
    const mine: HubClient = {
      clientId,
      will: given.will(),
      deliver: (message: Incoming) =>
        queueMicrotask(() => {
          if (client !== mine) return;
          given.onMessage(message);
          // A listener in which we died has not handled it.
          if (client === mine) hub.acknowledge(mine, message);
        }),
      closed(code, why) {
        if (client !== mine) return;
        client = undefined;
        given.onLink({ up: false, code, why });
        retry();
      },
    };
    if (!hub.up) {
      given.onLink({ up: false, code: "BUS_UNREACHABLE", why: "the hub is stopped" });
      return retry();
    }
    client = mine;
    const resumed = hub.connect(mine);
    if (client !== mine) return;
    pace.stood();
    for (const filter of filters) hub.subscribe(mine, filter);
    given.onLink({ up: true, resumed });
  };
  const retry = (): void => {
    if (!ended) cancelRetry = parts.clock.setTimer(connect, pace.fell());
  };
  const end = (how: "clean" | "dead"): void => {
    ended = true;
    cancelRetry();
    const mine = client;
    client = undefined;
    if (mine) hub.disconnect(mine, how);
  };
  const linked = (): HubClient => {
    if (!client) throw new SkeinError("BUS_DOWN", "not connected to the bus.");
    return client;
  };

  return {
    name: "memory",
    features: { wills: "broker", messageExpiry: false, reasonCodes: false },
    start(given) {
      handlers = given;
      queueMicrotask(connect);
    },
    async publish(topic, payload, { kind }) {
      linked();
      hub.publish(topic, payload, kind);
    },
    async subscribe(filter) {
      filters.add(filter);
      if (client) hub.subscribe(client, filter);
    },
    async unsubscribe(filter) {
      filters.delete(filter);
      if (client) hub.unsubscribe(client, filter);
    },
    async close() {
      end("clean");
    },
    kill: () => end("dead"),
  };
}
