/** A house on one memory bus for tests of nodes: a leader that says what the test wants, and Node-RED's node test helper. */
import { createBus, createTransport, type Bus } from "@skein/bus";
import { verdict, type VerdictData } from "@skein/contracts";
import { createIds, seededRandom, systemClock } from "@skein/kit";

export interface MemoryHouse {
  /** As the flow host's: `settings.skein.bus`. */
  readonly bus: Bus;
  readonly url: string;
  join(id: string, as?: "leader" | "none"): Bus;
  /** The leader says what it believes; a second leader with a higher epoch is joined by `join("leader", "leader")`. */
  say(leader: Bus, id: string, state: VerdictData["state"], more?: Partial<VerdictData>): Promise<void>;
  close(): Promise<void>;
}

let houses = 0;

export function memoryHouse(): MemoryHouse {
  const url = `memory:house-${++houses}`;
  const all: Bus[] = [];
  let epoch = 0;
  const join = (id: string, as: "leader" | "none" = "none"): Bus => {
    const random = seededRandom(all.length + 1);
    const parts = { clock: systemClock, random };
    const presence = as === "leader" ? { as, version: "test", epoch: ++epoch } : { as };
    const transport = createTransport({ url, clientId: `skein-${id}` }, parts);
    const bus = createBus({ id, transport, ...parts, ids: createIds(systemClock, random), presence });
    all.push(bus);
    return bus;
  };
  let since = systemClock.now();
  const last = new Map<string, VerdictData["state"]>();
  return {
    bus: join("flow-host"),
    url,
    join,
    async say(leader, id, state, more = {}) {
      // As a leader does: new to it is only whom it calls `joining`.
      const before = last.get(id) ?? (state === "joining" ? undefined : "unknown");
      const previous = before && { previous: { state: before, cause: "beat" as const, since } };
      // A verdict is said when it begins: one that seems older than it is would be no news, however long loading took.
      since = Math.max(since + 1, systemClock.now());
      last.set(id, state);
      await leader.publish(verdict, { id }, { state, cause: "beat", since, ...previous, ...more }, { epoch });
    },
    close: async () => void (await Promise.all(all.map((bus) => bus.close(100)))),
  };
}
