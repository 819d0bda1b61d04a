/** What two changes come to when the second is asked for while the first still waits. Pure. */
import type { Change } from "../model";

/**
 * The newer one wins field by field. Colour, white and effect exclude each other, and "off" takes back all that would have been shown:
 * what was asked for last is what the light does.
 */
export function merge(waiting: Change, newer: Change): Change {
  if (newer.on === false || newer.brightness === 0) return newer;
  const { on: _, ...rest } = waiting.on === false || waiting.brightness === 0 ? {} : waiting;
  const base: { -readonly [K in keyof Change]: Change[K] } = { ...rest };
  delete base.transitionMs;
  const shows = [newer.kelvin, newer.hue, newer.saturation, newer.effect].some((value) => value !== undefined);
  if (shows) {
    if (newer.hue === undefined && newer.saturation === undefined) {
      delete base.hue;
      delete base.saturation;
    }
    delete base.kelvin;
    delete base.effect;
  }
  const given = Object.fromEntries(Object.entries(newer).filter(([, value]) => value !== undefined)) as Change;
  return { ...base, ...given };
}
