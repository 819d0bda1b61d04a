/**
 * A full deploy makes a bus that has a connection of its own anew, and its view of the fleet with it. What the old view knew
 * is kept for the new one: who died in between has died, and is not just found dead.
 */
import type { FleetLegacy, OpenFleetView } from "@skein/palette";
import type { Clock } from "@skein/kit";

/** A deploy takes as long as its slowest node to close: 15 s at most. */
const KEEP_MS = 20_000;

export function createLegacies(clock: Clock) {
  const kept = new Map<string, { identity: string; legacy: FleetLegacy; cancel: () => void }>();
  return {
    leave(id: string, identity: string, fleet: OpenFleetView): void {
      kept.get(id)?.cancel();
      const cancel = clock.setTimer(() => kept.delete(id), KEEP_MS, { unref: true });
      kept.set(id, { identity, legacy: fleet.handOver(), cancel });
    },
    /** Only where the bus is still the same, judged in the same way. */
    take(id: string, identity: string): FleetLegacy | undefined {
      const found = kept.get(id);
      kept.delete(id);
      found?.cancel();
      return found?.identity === identity ? found.legacy : undefined;
    },
  };
}
