import { filterMatches, type Kind } from "@skein/contracts";
import { FilterTree } from "./filter-tree";
import type { Incoming, Will } from "./transport";

/** What the hub tells a connection. */
export interface HubClient {
  readonly clientId: string;
  readonly will: Will | undefined;
  deliver(message: Incoming): void;
  /** The connection is gone. */
  closed(code: "BUS_UNREACHABLE" | "BUS_TAKEN_OVER", why: string): void;
}

interface Session {
  client: HubClient | undefined;
  readonly filters: Set<string>;
  /** Events, commands and states that came while it was away, or that it did not acknowledge. */
  queue: Incoming[];
  readonly flying: Set<Incoming>;
}

/** As Mosquitto's max_queued_messages. */
const MAX_QUEUED = 1000;

/**
 * A broker inside the process, for tests and for trying a flow beside the live one. It keeps states, sessions of clients that
 * are away, and publishes wills, as MQTT brokers do; and it can be stopped, and made to believe in a dead connection.
 */
export class MemoryHub {
  private readonly kept = new Map<string, Uint8Array>();
  private readonly sessions = new Map<string, Session>();
  private readonly tree = new FilterTree<Session>();
  private running = true;

  get up(): boolean {
    return this.running;
  }

  /** True when a session was waiting for it. The will of an older connection of the same client is published first. */
  connect(client: HubClient): boolean {
    let session = this.sessions.get(client.clientId);
    const resumed = session !== undefined;
    if (!session)
      this.sessions.set(
        client.clientId,
        (session = { client: undefined, filters: new Set(), queue: [], flying: new Set() }),
      );
    const old = detach(session);
    old?.closed("BUS_TAKEN_OVER", "another connection took over its client id");
    this.publishWill(old);
    session.client = client;
    const waiting = session.queue;
    session.queue = [];
    for (const message of waiting) {
      session.flying.add(message);
      client.deliver(message);
    }
    return resumed;
  }

  /** It has been handled: it is not delivered again. */
  acknowledge(client: HubClient, message: Incoming): void {
    this.sessions.get(client.clientId)?.flying.delete(message);
  }

  /** `clean`: it said goodbye, so its will is forgotten. */
  disconnect(client: HubClient, how: "clean" | "dead"): void {
    const session = this.sessions.get(client.clientId);
    if (session?.client !== client) return;
    detach(session);
    if (how === "dead") this.publishWill(client);
  }

  subscribe(client: HubClient, filter: string): void {
    const session = this.sessions.get(client.clientId);
    if (session?.client !== client) return;
    session.filters.add(filter);
    this.tree.add(filter, session);
    for (const [topic, payload] of this.kept) {
      if (filterMatches(filter, topic)) client.deliver({ topic, payload, retained: true });
    }
  }

  unsubscribe(client: HubClient, filter: string): void {
    const session = this.sessions.get(client.clientId);
    if (session?.client !== client || !session.filters.delete(filter)) return;
    this.tree.delete(filter, session);
  }

  publish(topic: string, payload: Uint8Array, kind: Kind): void {
    if (kind === "state") {
      if (payload.byteLength === 0) this.kept.delete(topic);
      else this.kept.set(topic, payload);
    }
    const assured = kind !== "telemetry" && kind !== "media";
    for (const session of this.tree.match(topic)) {
      const message = { topic, payload, retained: false };
      if (session.client) {
        if (assured) session.flying.add(message);
        session.client.deliver(message);
      } else if (assured) {
        session.queue.push(message);
        if (session.queue.length > MAX_QUEUED) session.queue.shift();
      }
    }
  }

  /** Everybody's connection is cut; nobody connects until `start`. What is kept stays kept. Some brokers publish wills when they stop. */
  stop(options: { readonly wills?: boolean } = {}): void {
    this.running = false;
    for (const session of this.sessions.values()) {
      const client = detach(session);
      client?.closed("BUS_UNREACHABLE", "the hub was stopped");
      if (options.wills) this.publishWill(client);
    }
  }

  start(): void {
    this.running = true;
  }

  /**
   * The client's end is dead while the hub still believes in it, as after a pulled plug; the client sees its link fall.
   * Returned: the hub notices at last and publishes the will, however late.
   */
  halfOpen(clientId: string): () => void {
    const session = this.sessions.get(clientId);
    const client = session && detach(session);
    if (!client) throw new TypeError(`${clientId} is not connected`);
    client.closed("BUS_UNREACHABLE", "the connection was cut");
    return () => this.publishWill(client);
  }

  private publishWill(client: HubClient | undefined): void {
    if (client?.will) this.publish(client.will.topic, client.will.payload, client.will.kind);
  }
}

/** Takes the connection off; what it had not acknowledged waits for the next one. */
function detach(session: Session): HubClient | undefined {
  const { client } = session;
  session.client = undefined;
  session.queue = [...session.flying, ...session.queue];
  session.flying.clear();
  return client;
}

const hubs = new Map<string, MemoryHub>();

/** The hub of this name in this process, made when there is none: what `memory:NAME` connects to. */
export function memoryHub(name: string): MemoryHub {
  let hub = hubs.get(name);
  if (!hub) hubs.set(name, (hub = new MemoryHub()));
  return hub;
}
