/** What people may do to the house, once, for the API and for the page alike; each is told as an event with who did it. */
import type { Bus } from "@skein/bus";
import {
  hostCommand,
  lampCommand,
  VIRTUAL_HOME_ID,
  virtualHome,
  type HostAction,
  type LampAction,
  type LampView,
  type NewEvent,
} from "@skein/contracts";
import { SkeinError, type Clock } from "@skein/kit";
import { signatureOf, type Actor } from "./auth/actor";
import type { EventSink } from "./event-sink";
import type { FleetService } from "./fleet/fleet-service";
import type { House } from "./house";
import type { BusAccounts } from "./joining/bus-accounts";

export interface Actions {
  /** forMs 0 ends it. @throws SkeinError FOLLOWER_UNKNOWN */
  maintenance(by: Actor, id: string, forMs: number, reason?: string): void;
  /**
   * One with a user of its own on the bus is thrown off it and let in no more, alive or not; another must be gone.
   * @throws SkeinError FOLLOWER_UNKNOWN, FOLLOWER_ALIVE, BUS_USERS_NOT_TAKEN, BUS_HAND_OVER_FAILED
   */
  remove(by: Actor, id: string): Promise<void>;
  /** One whose removal was begun earlier is off the bus now; told of only where nobody asks for it now, and the fleet knew it. */
  removed(id: string): void;
  /** @throws SkeinError FOLLOWER_UNKNOWN, FOLLOWER_NOT_VIRTUAL, BUS_DOWN, REQUEST_TIMEOUT, or what the virtual home answers */
  host(by: Actor, id: string, action: HostAction): Promise<void>;
  /** @throws SkeinError DEMO_ONLY and as `host` */
  randomFaults(by: Actor, on: boolean): Promise<void>;
  /** Whether the virtual home breaks things by itself, as it says. */
  readonly randomFaultsOn: boolean;
  onRandomFaults(listener: (on: boolean) => void): () => void;
  /** A hand on one of the demo's lamps. @throws SkeinError DEMO_ONLY, and as `host` */
  lamp(by: Actor, id: string, action: LampAction): Promise<void>;
  /** The demo's lamps as they really shine. */
  readonly lamps: readonly LampView[];
  onLamps(listener: (lamps: readonly LampView[]) => void): () => void;
  /** Resolves when it is so. @throws SkeinError DEMO_ONLY, BROKER_UNMOVED */
  broker(by: Actor, action: "stop" | "start"): Promise<void>;
}

export interface ActionParts {
  readonly fleet: Pick<FleetService, "get" | "watched" | "forget" | "setMaintenance">;
  readonly house: Pick<House, "broker" | "onBroker">;
  readonly bus: Pick<Bus, "subscribe" | "request">;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly demo: boolean;
  /** What people call a follower. */
  readonly givenName: (id: string) => string | undefined;
  /** The bus's users, without those that the launcher makes. */
  readonly accounts: Pick<BusAccounts, "has" | "remove">;
  /** Asks the launcher. */
  readonly askLauncher: (message: { type: "broker"; action: "stop" | "start" }) => void;
}

/** Followers restart within this, ms. */
const HOST_TIMEOUT_MS = 10_000;
const BROKER_TIMEOUT_MS = 30_000;

/** The actions of one house. What they change is told by the fleet, the house and `onRandomFaults`. */
export async function createActions(parts: ActionParts): Promise<Actions> {
  const { fleet, house, bus, clock, demo, accounts, askLauncher, events } = parts;
  const tell = (by: Actor | undefined, type: string, text: string, data: NewEvent["data"], follower?: string): void =>
    events.add({
      type,
      severity: "info",
      audit: true,
      text,
      data,
      ...(follower !== undefined && { subject: { kind: "follower", id: follower } }),
      ...(by && signatureOf(by)),
    });
  const nameOf = (id: string) => parts.givenName(id) ?? fleet.get(id)?.name ?? id;
  /** Whose removal somebody waits for: they tell of it. */
  const asked = new Set<string>();
  const faultListeners = new Set<(on: boolean) => void>();
  let randomFaultsOn = false;
  const lampListeners = new Set<(lamps: readonly LampView[]) => void>();
  let lamps: readonly LampView[] = [];
  if (demo)
    await bus.subscribe(virtualHome, { id: VIRTUAL_HOME_ID }, ({ data }) => {
      lamps = data.lamps;
      for (const listener of lampListeners) listener(lamps);
      if (data.randomFaults === randomFaultsOn) return;
      randomFaultsOn = data.randomFaults;
      for (const listener of faultListeners) listener(randomFaultsOn);
    });
  const demoOnly = () => {
    if (!demo) throw new SkeinError("DEMO_ONLY", "this works in the demo only: there the house is made up.");
  };
  const home = async (target: string, data: Parameters<typeof bus.request<typeof hostCommand>>[2]): Promise<void> => {
    const outcome = await bus.request(hostCommand, { target }, data, { timeoutMs: HOST_TIMEOUT_MS });
    if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
  };
  return {
    maintenance(by, id, forMs, reason) {
      fleet.setMaintenance(id, forMs, reason);
      const name = nameOf(id);
      tell(
        by,
        "maintenance",
        forMs === 0 ? `${name} is judged again.` : `${name} is out of judgement for ${Math.round(forMs / 60_000)} min.`,
        { forMs, name },
        id,
      );
    },
    async remove(by, id) {
      const removed = accounts.has(id);
      asked.add(id);
      try {
        if (removed) await accounts.remove(id);
      } finally {
        asked.delete(id);
      }
      const name = nameOf(id);
      fleet.forget(id, { removed });
      const text = removed ? `${name} was removed from the house.` : `${name} was forgotten.`;
      tell(by, "follower-removed", text, { removed, name }, id);
    },
    removed(id) {
      if (asked.has(id)) return;
      // A board that could not be let in whole leaves, too, and nobody has heard of it.
      const known = fleet.get(id) !== undefined;
      const name = nameOf(id);
      fleet.forget(id, { removed: true });
      if (!known) return;
      tell(undefined, "follower-removed", `${name} was removed from the house.`, { removed: true, name }, id);
    },
    async host(by, id, action) {
      const watched = fleet.watched().find((follower) => follower.id === id);
      if (!watched) throw new SkeinError("FOLLOWER_UNKNOWN", `no follower "${id}" is known.`);
      const controls = watched.birth?.controls;
      if (!controls?.actions.includes(action))
        throw new SkeinError(
          "FOLLOWER_NOT_VIRTUAL",
          `"${action}" cannot be done to ${id}: only a virtual host that offers it can suffer that.`,
        );
      await home(controls.target, { action, follower: id });
      const name = nameOf(id);
      tell(by, "virtual-host", `"${action}" was done to the made-up host of ${name}.`, { action, name }, id);
    },
    async randomFaults(by, on) {
      demoOnly();
      await home(VIRTUAL_HOME_ID, { action: "random-faults", on });
      tell(by, "random-faults", `Random faults are ${on ? "on" : "off"}.`, { on });
    },
    get randomFaultsOn() {
      return randomFaultsOn;
    },
    onRandomFaults(listener) {
      faultListeners.add(listener);
      return () => void faultListeners.delete(listener);
    },
    async lamp(by, id, action) {
      demoOnly();
      const lamp = lamps.find((each) => each.id === id);
      const outcome = await bus.request(
        lampCommand,
        { target: VIRTUAL_HOME_ID },
        { lamp: id, action },
        { timeoutMs: HOST_TIMEOUT_MS },
      );
      if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
      const name = lamp?.name ?? id;
      tell(by, "virtual-lamp", `"${action}" was done to the made-up lamp ${name}.`, { action, name });
    },
    get lamps() {
      return lamps;
    },
    onLamps(listener) {
      lampListeners.add(listener);
      return () => void lampListeners.delete(listener);
    },
    async broker(by, action) {
      demoOnly();
      const wanted = action === "stop" ? "stopped" : "up";
      if (house.broker === wanted) return;
      await new Promise<void>((resolve, reject) => {
        const cancel = clock.setTimer(() => {
          stop();
          reject(
            new SkeinError("BROKER_UNMOVED", `the broker did not ${action} within ${BROKER_TIMEOUT_MS / 1000} s.`),
          );
        }, BROKER_TIMEOUT_MS);
        // Judged by the launcher's word and not by our own link, which comes back a moment later than the broker.
        const stop = house.onBroker((broker) => {
          if (broker !== wanted) return;
          cancel();
          stop();
          resolve();
        });
        askLauncher({ type: "broker", action });
      });
      tell(by, "broker", `The broker was ${action === "stop" ? "stopped" : "started"}.`, { action });
    },
  };
}
