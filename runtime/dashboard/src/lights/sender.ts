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
      // The newer one is whole: colour, white and effect exclude each other, so that fields of both would contradict.
      waiting = change;
      asked.value = change;
      if (!busy) void run();
    },
  };
}
