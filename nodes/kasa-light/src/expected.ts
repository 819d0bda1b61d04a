/**
 * How a light will stand when what is under way is done. Whoever turns a knob sends "+10%" five times before the first is confirmed:
 * each step goes on top of the one before it, and not all from where the light stood.
 */
import type { DeviceChange, LightStateView } from "@skein/contracts";
import type { Light, LightDesk, Ordered, Outcome } from "./light-desk";

interface Expected {
  state: LightStateView;
  /** What was confirmed when it was last asked. The very same object, not one like it: a hand that switches it back makes an equal state. */
  confirmed: LightStateView | undefined;
  /** How many orders are under way. */
  pending: number;
}

/** Nodes of one desk step the same lights. */
const all = new WeakMap<LightDesk, Map<string, Expected>>();

const of = (desk: LightDesk): Map<string, Expected> => {
  const found = all.get(desk) ?? new Map<string, Expected>();
  all.set(desk, found);
  return found;
};

/** The light as it is to be decided on. */
export function expectedOf(desk: LightDesk, light: Light): Light {
  const found = of(desk).get(light.id);
  const isNewest = found && (found.pending > 0 || found.confirmed === light.state);
  return isNewest ? { ...light, state: found.state } : light;
}

/** These are under way; the returned function is called with what came of them. */
export function expectAfter(desk: LightDesk, orders: readonly Ordered[]): (outcomes: readonly Outcome[]) => void {
  const expected = of(desk);
  for (const { device, set } of orders) {
    const light = desk.get(device);
    if (!light) continue;
    const state = after(set, expectedOf(desk, light).state);
    expected.set(device, { state, confirmed: light.state, pending: (expected.get(device)?.pending ?? 0) + 1 });
  }
  return (outcomes) => {
    for (const { device } of orders) {
      const found = expected.get(device);
      if (!found) continue;
      found.pending--;
      if (found.pending > 0) continue;
      const outcome = outcomes.find((one) => one.device === device);
      // What the device itself said is better than what was expected; of one that was not reached nothing is.
      if (outcome?.ok) found.state = outcome.state;
      else expected.delete(device);
    }
  };
}

/** Only what toggles and steps are decided on. */
function after(change: DeviceChange, before: LightStateView | undefined): LightStateView {
  const { on, brightness } = change;
  // An effect that ends switches nothing on.
  const isAsked = Object.entries(change).some(([field, value]) => field !== "transitionMs" && (value ?? null) !== null);
  return {
    ...before,
    on: isAsked ? on !== false && brightness !== 0 : (before?.on ?? false),
    ...(brightness ? { brightness } : {}),
  };
}
