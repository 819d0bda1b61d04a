/** All changes of one order at once, and what came of each: one device that is away holds up no other. */
import type { DeviceChange, DevicesReached } from "@skein/contracts";
import type { Reached } from "@skein/kasa";
import { hasCode, messageOf, SkeinError, type Clock } from "@skein/kit";

export interface WantedChange {
  readonly device: string;
  readonly set: DeviceChange;
}

/** Of one device's failure, so that two hundred fit into a reply. */
const MAX_MESSAGE = 300;

/**
 * @param arrivedAt when the order came, by the clock's monotonic time: what `ms` counts from
 * @throws SkeinError what the first device said, when none was reached
 */
export async function reach(
  changes: readonly WantedChange[],
  set: (device: string, change: DeviceChange) => Promise<Reached>,
  { clock, arrivedAt }: { readonly clock: Pick<Clock, "monotonic">; readonly arrivedAt: number },
): Promise<DevicesReached> {
  const one = async ({ device, set: change }: WantedChange): Promise<DevicesReached["devices"][number]> => {
    try {
      const { state, fading } = await set(device, change);
      return { device, ok: true, state, ms: toTenths(clock.monotonic() - arrivedAt), ...(fading && { fading }) };
    } catch (error) {
      const code = hasCode(error) ? error.code : "COMMAND_FAILED";
      return { device, ok: false, code, message: messageOf(error).slice(0, MAX_MESSAGE) };
    }
  };
  const devices = await Promise.all(changes.map(one));
  const [first] = devices;
  if (first && !first.ok && devices.every(({ ok }) => !ok)) throw new SkeinError(first.code, first.message);
  return { devices };
}

/** Finer is noise. */
export const toTenths = (ms: number): number => Math.round(ms * 10) / 10;
