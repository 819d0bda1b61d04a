/**
 * Sends what somebody does with a slider as a light takes it: one change under way, and when that is answered the newest of what came meanwhile.
 * A finger on a slider says a hundred things a second; only the last one is meant.
 */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { DeviceChange } from "@skein/contracts";

export interface Sender {
  /** What has been asked for and is not answered yet; the page shows it as asked, not as so. */
  readonly asked: ReadonlySignal<DeviceChange | undefined>;
  /** Why the last one failed; gone with the next. */
  readonly failure: ReadonlySignal<unknown>;
  send(change: DeviceChange): void;
}

export function createSender(carryOut: (change: DeviceChange) => Promise<unknown>): Sender {
  const asked = signal<DeviceChange | undefined>(undefined);
  const failure = signal<unknown>(undefined);
  let waiting: DeviceChange | undefined;
  let busy = false;
  const run = async (): Promise<void> => {
    busy = true;
    while (waiting) {
      const change = waiting;
      waiting = undefined;
      try {
        await carryOut(change);
        failure.value = undefined;
      } catch (error) {
        failure.value = error;
      }
    }
    busy = false;
    asked.value = undefined;
  };
  return {
    asked,
    failure,
    send(change) {
      waiting = waiting ? onTop(waiting, change) : change;
      asked.value = asked.value ? onTop(asked.value, change) : change;
      if (!busy) void run();
    },
  };
}

/** The newer one wins; colour, white and effect exclude each other, and what was off, or is to be, keeps nothing. */
function onTop({ on, hue, saturation, kelvin, effect, ...rest }: DeviceChange, newer: DeviceChange): DeviceChange {
  if (newer.on === false || on === false) return newer;
  if (newer.hue !== undefined || newer.saturation !== undefined)
    return { ...rest, ...(hue !== undefined && { hue }), ...(saturation !== undefined && { saturation }), ...newer };
  if (newer.kelvin !== undefined || newer.effect !== undefined) return { ...rest, ...newer };
  const look = { hue, saturation, kelvin, effect };
  return { ...rest, ...Object.fromEntries(Object.entries(look).filter(([, value]) => value !== undefined)), ...newer };
}
