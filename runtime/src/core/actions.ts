/** What people may do to the house, once, for the API and for the page alike. */
import type { Bus } from "@skein/bus";
import { hostCommand, VIRTUAL_HOME_ID, virtualHome, type HostAction } from "@skein/contracts";
import { SkeinError, type Clock } from "@skein/kit";
import type { FleetService } from "./fleet/fleet-service";
import type { House } from "./house";

export interface Actions {
  /** forMs 0 ends it. @throws SkeinError FOLLOWER_UNKNOWN */
  maintenance(id: string, forMs: number, reason?: string): void;
  /** @throws SkeinError FOLLOWER_UNKNOWN, FOLLOWER_ALIVE */
  forget(id: string): void;
  /** @throws SkeinError FOLLOWER_UNKNOWN, FOLLOWER_NOT_VIRTUAL, BUS_DOWN, REQUEST_TIMEOUT, or what the virtual home answers */
  host(id: string, action: HostAction): Promise<void>;
  /** @throws SkeinError DEMO_ONLY and as `host` */
  randomFaults(on: boolean): Promise<void>;
  /** Whether the virtual home breaks things by itself, as it says. */
  readonly randomFaultsOn: boolean;
  onRandomFaults(listener: (on: boolean) => void): () => void;
  /** Resolves when it is so. @throws SkeinError DEMO_ONLY, BROKER_UNMOVED */
  broker(action: "stop" | "start"): Promise<void>;
}

export interface ActionParts {
  readonly fleet: FleetService;
  readonly house: House;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly demo: boolean;
  /** Asks the launcher. */
  readonly askLauncher: (message: { type: "broker"; action: "stop" | "start" }) => void;
}

/** Followers restart within this, ms. */
const HOST_TIMEOUT_MS = 10_000;
const BROKER_TIMEOUT_MS = 30_000;

/** The actions of one house. What they change is told by the fleet, the house and `onRandomFaults`. */
export async function createActions(parts: ActionParts): Promise<Actions> {
  const { fleet, house, bus, clock, demo, askLauncher } = parts;
  const faultListeners = new Set<(on: boolean) => void>();
  let randomFaultsOn = false;
  if (demo)
    await bus.subscribe(virtualHome, { id: VIRTUAL_HOME_ID }, ({ data }) => {
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
    maintenance: (id, forMs, reason) => fleet.setMaintenance(id, forMs, reason),
    forget: (id) => fleet.forget(id),
    async host(id, action) {
      const watched = fleet.watched().find((follower) => follower.id === id);
      if (!watched) throw new SkeinError("FOLLOWER_UNKNOWN", `no follower "${id}" is known.`);
      const controls = watched.birth?.controls;
      if (!controls?.actions.includes(action))
        throw new SkeinError(
          "FOLLOWER_NOT_VIRTUAL",
          `"${action}" cannot be done to ${id}: only a virtual host that offers it can suffer that.`,
        );
      await home(controls.target, { action, follower: id });
    },
    async randomFaults(on) {
      demoOnly();
      await home(VIRTUAL_HOME_ID, { action: "random-faults", on });
    },
    get randomFaultsOn() {
      return randomFaultsOn;
    },
    onRandomFaults(listener) {
      faultListeners.add(listener);
      return () => void faultListeners.delete(listener);
    },
    async broker(action) {
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
    },
  };
}
