/**
 * A view of the fleet or of the house is made when somebody first asks for it, and fills as kept state comes in. A dialog is
 * often the first to ask, and asks once: it is answered when the view is ready and still, or when whoever opened it has waited
 * long enough.
 */
import type { FleetView } from "@skein/palette";
import type { Clock } from "@skein/kit";

/** Kept state comes in one go, from any broker in a house, ms. */
const STILL_MS = 100;
const LIMIT_MS = 1000;

type Settling = Pick<FleetView, "ready" | "onChange">;

export function createSettling(clock: Clock): (fleet: Settling) => Promise<void> {
  const waitedFor = new WeakSet<Settling>();
  return async (fleet) => {
    if (waitedFor.has(fleet)) return;
    await settled(fleet, clock);
    // Also one that never was ready: on a bus without a leader nobody tells of a house, however often a dialog waits.
    waitedFor.add(fleet);
  };
}

function settled(fleet: Settling, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    let cancelStill = () => {};
    const changed = () => {
      cancelStill();
      if (fleet.ready) cancelStill = clock.setTimer(end, STILL_MS, { unref: true });
    };
    const stop = fleet.onChange(changed);
    const cancelLimit = clock.setTimer(end, LIMIT_MS, { unref: true });
    function end(): void {
      stop();
      cancelStill();
      cancelLimit();
      resolve();
    }
    changed();
  });
}
