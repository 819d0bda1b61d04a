/** How the leader's own parts are: what the launcher says of its children, and whether core itself reaches the bus. */
import type { Bus } from "@skein/bus";
import type { HouseHealth } from "@skein/contracts";
import type { LoopDelay, LoopMessage, PartsMessage } from "../launcher/ipc";

export interface House {
  health(): HouseHealth;
  /** The launcher's word. */
  setParts(parts: PartsMessage): void;
  noteLoop(message: LoopMessage): void;
  /** How late the other parts' event loops were at worst since this was asked last; of one that said nothing meanwhile, nothing. */
  takeLoops(): Partial<Record<LoopMessage["part"], LoopDelay>>;
  onChange(listener: (health: HouseHealth) => void): () => void;
  /** How the launcher says that the broker is, whether or not core has found it again. */
  readonly broker: HouseHealth["broker"];
  /** At every word of the launcher's. */
  onBroker(listener: (broker: HouseHealth["broker"]) => void): () => void;
  close(): void;
}

/** `externalBroker`: the launcher has none to tell of; whether core's own link stands is then how the broker is. */
export function createHouse(bus: Pick<Bus, "onLink" | "link">, externalBroker: boolean): House {
  const listeners = new Set<(health: HouseHealth) => void>();
  const brokerListeners = new Set<(broker: HouseHealth["broker"]) => void>();
  let parts: Omit<PartsMessage, "type"> = { broker: "starting", core: "up", flowHost: "starting", safeMode: false };
  let loops: Partial<Record<LoopMessage["part"], LoopDelay>> = {};
  const health = (): HouseHealth => {
    // A broker that runs and does not let us in does not work.
    const linked = bus.link.up;
    const broker = externalBroker
      ? linked
        ? "external"
        : "down"
      : parts.broker === "up" && !linked
        ? "starting"
        : parts.broker;
    const ok = linked && (broker === "up" || broker === "external") && parts.flowHost === "up";
    return { ok, broker, core: "up", flowHost: parts.flowHost, safeMode: parts.safeMode };
  };
  let told = "";
  const tell = () => {
    const now = health();
    const text = JSON.stringify(now);
    if (text === told) return;
    told = text;
    for (const listener of listeners) listener(now);
  };
  const stop = bus.onLink(tell);
  return {
    health,
    setParts(message) {
      parts = message;
      tell();
      for (const listener of brokerListeners) listener(parts.broker);
    },
    noteLoop({ part, p99Ms, maxMs }) {
      // The flow host runs its owner's code, which may say anything by its process.
      if (!Number.isFinite(p99Ms) || !Number.isFinite(maxMs)) return;
      const before = loops[part];
      loops[part] = { p99Ms: Math.max(before?.p99Ms ?? 0, p99Ms), maxMs: Math.max(before?.maxMs ?? 0, maxMs) };
    },
    takeLoops() {
      const taken = loops;
      loops = {};
      return taken;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get broker() {
      return parts.broker;
    },
    onBroker(listener) {
      brokerListeners.add(listener);
      return () => void brokerListeners.delete(listener);
    },
    close: stop,
  };
}
