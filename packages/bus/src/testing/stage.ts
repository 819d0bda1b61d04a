import { type Clock, createIds, type Logger, systemClock, systemRandom } from "@skein/kit";
import { type Bus, type BusAddress, type BusOptions, createBus, createTransport } from "../index";

/** A running broker, whatever it is, as a test needs it. */
export interface TestBroker {
  /** Where it can be reached, for a relay in between; undefined inside a process. */
  readonly port: number | undefined;
  /** An address for a participant, who is made known to the broker where it has users. */
  address(who: { id: string; role: Role; clientId: string; port?: number }): BusAddress;
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
  /** Where there is no wire: the client's end dies, the broker notices when the returned function is called. */
  halfOpen?(clientId: string): () => void;
}

export type Role = "leader" | "flows" | "follower";

/** One line of the suite: a transport over a broker. */
export interface Row {
  readonly name: string;
  /** A will comes at most so long after its connection died, ms. */
  readonly willMs: number;
  start(): Promise<TestBroker>;
}

export interface JoinOptions extends Partial<
  Pick<BusOptions, "journal" | "maxQueued" | "logger" | "presence" | "transport">
> {
  readonly clientId?: string;
  readonly clock?: Clock;
  /** Through a relay. */
  readonly port?: number;
  /** Do not wait for the link. */
  readonly early?: boolean;
}

let serial = 0;

/** Participants of one test, all closed at its end. */
export class Stage {
  private readonly buses: Bus[] = [];
  private readonly endings: (() => Promise<void>)[] = [];

  constructor(readonly broker: TestBroker) {}

  /** An id that no other test has. */
  id(prefix: string): string {
    return `${prefix}-${++serial}`;
  }

  async join(id: string, options: JoinOptions = {}): Promise<Bus> {
    const role = id === "leader" ? "leader" : id.startsWith("flow") ? "flows" : "follower";
    const { clock = systemClock, clientId = `skein-${id}-${++serial}`, port, early, transport, ...rest } = options;
    const presence = {
      leader: { as: "leader", version: "1.0.0", epoch: 7 },
      follower: { as: "follower" },
      flows: { as: "none" },
    } as const;
    const address = this.broker.address({ id, role, clientId, ...(port === undefined ? {} : { port }) });
    const bus = createBus({
      id,
      clock,
      random: systemRandom,
      ids: createIds(clock, systemRandom),
      transport: transport ?? createTransport(address, { clock, random: systemRandom }),
      presence: presence[role],
      ...rest,
    });
    this.buses.push(bus);
    if (!early) await linked(bus);
    return bus;
  }

  /** To be done at the end of the test, also when it failed. */
  atEnd(ending: () => Promise<void>): void {
    this.endings.push(ending);
  }

  async end(): Promise<void> {
    await Promise.all(this.buses.map((bus) => bus.close(500)));
    for (const ending of this.endings) await ending();
  }
}

/** Resolves when the bus has a link. */
export const linked = (bus: Bus, up = true): Promise<void> =>
  new Promise((resolve) => {
    let stop: (() => void) | undefined;
    stop = bus.onLink((state) => {
      if (state.up !== up) return;
      resolve();
      queueMicrotask(() => stop?.());
    });
  });

/** Waits until it is so; says what it waited for when it never is. */
export async function until(
  check: () => boolean,
  what: () => unknown = () => check.toString(),
  withinMs = 12_000,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!check()) {
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain: ${JSON.stringify(what())}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A wall clock that is wrong by so much, ms. */
export const wrongClock = (byMs: number): Clock => ({ ...systemClock, now: () => systemClock.now() + byMs });

/** A logger that keeps what was warned of. */
export function listeningLogger(): { logger: Logger; warnings: Record<string, unknown>[] } {
  const warnings: Record<string, unknown>[] = [];
  const nothing = () => undefined;
  const logger = {
    info: nothing,
    debug: nothing,
    error: nothing,
    warn: (fields: Record<string, unknown>) => void warnings.push(fields),
  };
  return { logger: logger as unknown as Logger, warnings };
}

export const BOOT = "0190a5a4-4f6b-7c3e-8b7e-0123456789ab";
export const beat = { bootId: BOOT, nextInMs: 5000, capabilities: {} };
export const bytes = (text: string): Uint8Array => Buffer.from(text);
