/** What a bulb or strip makes of the fields it is sent: its ranges, and which of colour, white and effect wins. */
import type { Body } from "./body";
import { DEFAULT_KELVIN } from "./body";
import { INVALID_LIGHT } from "./iot-errors";
import type { Glow } from "./lamp";

/** `ignore_default` and transitions are seen to by the caller. A value out of range refuses all of it. */
export function readFields(
  args: Readonly<Record<string, unknown>>,
  { has, device }: Body,
): { glow: Partial<Glow> } | typeof INVALID_LIGHT {
  const { min, max } = device.kelvin || DEFAULT_KELVIN;
  const ranges: readonly [string, keyof Glow, number, number][] = [
    ["brightness", "brightness", 0, 100],
    ["hue", "hue", 0, 360],
    ["saturation", "saturation", 0, 100],
  ];
  const glow: { -readonly [K in keyof Glow]?: Glow[K] } = {};
  for (const [field, name, low, high] of ranges) {
    const value = args[field];
    if (value === undefined) continue;
    if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high) return INVALID_LIGHT;
    if (name === "brightness") glow.brightness = value;
    else if (has.color && (name === "hue" || name === "saturation")) glow[name] = value;
  }
  const kelvin = args["color_temp"];
  if (kelvin !== undefined) {
    const fits = typeof kelvin === "number" && Number.isInteger(kelvin);
    if (!fits || (kelvin !== 0 && (kelvin < min || kelvin > max))) return INVALID_LIGHT;
    if (kelvin > 0 && has.kelvin) Object.assign(glow, { kelvin, hue: 0, saturation: 0, effect: undefined });
    // Real bulbs stay white when a colour comes without `color_temp: 0`: that is what node-red-contrib-tplink runs into.
    else if (has.color && (args["hue"] !== undefined || args["saturation"] !== undefined))
      Object.assign(glow, { kelvin: 0, effect: undefined });
  }
  const { on_off } = args;
  if (on_off !== undefined) {
    if (on_off !== 0 && on_off !== 1) return INVALID_LIGHT;
    glow.on = on_off === 1;
  }
  if (glow.brightness === 0) {
    delete glow.brightness;
    glow.on = false;
  }
  return { glow };
}
