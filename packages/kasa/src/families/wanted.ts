/** What a change comes to on this device: clamped, without what it has not, refused where nothing is left. Pure. */
import { SkeinError } from "@skein/kit";
import type { Abilities, Change, DeviceInfo, LightState } from "../model";

/** By its model: what its owner calls it is not known here, and need not be what it calls itself. */
const cannot = ({ model }: DeviceInfo, what: string): SkeinError =>
  new SkeinError("DEVICE_CANNOT", `a ${model} ${what}.`, { hint: "Send it what its model can." });

/** Whole numbers within the model's ranges. @throws SkeinError DEVICE_CANNOT */
export function fit(info: DeviceInfo, change: Change): Change {
  const { abilities } = info;
  const { brightness, hue, saturation, kelvin, effect, transitionMs } = change;
  if (change.on === false || brightness === 0)
    return { on: false, ...(transitionMs !== undefined && { transitionMs: Math.round(transitionMs) }) };
  if ((hue !== undefined || saturation !== undefined) && !abilities.color) throw cannot(info, "has no colours");
  if (kelvin !== undefined && !abilities.kelvin) throw cannot(info, "has one white only");
  if (brightness !== undefined && !abilities.brightness) throw cannot(info, "cannot be dimmed");
  return {
    on: true,
    ...(brightness !== undefined && { brightness: within(Math.round(brightness), 1, 100) }),
    ...(hue !== undefined && { hue: within(Math.round(hue), 0, 360) }),
    ...(saturation !== undefined && { saturation: within(Math.round(saturation), 0, 100) }),
    ...(kelvin !== undefined &&
      abilities.kelvin && { kelvin: within(Math.round(kelvin), abilities.kelvin.min, abilities.kelvin.max) }),
    ...(effect !== undefined && { effect: effect === null ? null : effectNamed(info, effect) }),
    ...(transitionMs !== undefined && { transitionMs: Math.round(transitionMs) }),
  };
}

function effectNamed(info: DeviceInfo, name: string): string {
  const { effects } = info.abilities;
  const found = effects.find((each) => each.toLowerCase() === name.trim().toLowerCase());
  if (found !== undefined) return found;
  throw cannot(info, effects.length === 0 ? "has no effects" : `has no effect "${name}"; it has ${effects.join(", ")}`);
}

/** What a device that said yes shows now. Colour, white and effect exclude each other. */
export function after(abilities: Abilities, before: LightState, change: Change): LightState {
  if (change.on === false) return { ...before, on: false };
  const { brightness, hue, saturation, kelvin, effect } = change;
  const kept = abilities.brightness ? { brightness: brightness ?? before.brightness } : {};
  if (typeof effect === "string") return { on: true, ...kept, effect };
  // Of a colour and a white in one change, which no lamp can show at once, the colour counts.
  if (hue !== undefined || saturation !== undefined)
    return { on: true, ...kept, hue: hue ?? before.hue ?? 0, saturation: saturation ?? before.saturation ?? 100 };
  if (kelvin !== undefined) return { on: true, ...kept, kelvin };
  const { effect: shown, ...rest } = before;
  return { ...rest, ...kept, ...(effect !== null && shown !== undefined && { effect: shown }), on: true };
}

const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
