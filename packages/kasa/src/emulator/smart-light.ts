/** What a newer bulb or strip makes of the fields that it is sent, and of its effects. */
import { DEFAULT_KELVIN, type Body } from "./body";
import { isWhole } from "./iot";
import type { Glow, Lamp } from "./lamp";
import { done, invalid, tells, type Calls } from "./smart-calls";

/** A field out of its range refuses all of them: undefined. */
export function readGlow(params: Readonly<Record<string, unknown>>, { device, has }: Body): Partial<Glow> | undefined {
  const { min, max } = device.kelvin || DEFAULT_KELVIN;
  const { device_on, brightness, hue, saturation, color_temp } = params;
  const glow: { -readonly [K in keyof Glow]?: Glow[K] } = {};
  if (device_on !== undefined) {
    if (typeof device_on !== "boolean") return undefined;
    glow.on = device_on;
  }
  if (brightness !== undefined) {
    if (!has.brightness || !isWhole(brightness, 1, 100)) return undefined;
    glow.brightness = brightness;
  }
  if (hue !== undefined || saturation !== undefined) {
    if (!has.color || !isWhole(hue ?? 0, 0, 360) || !isWhole(saturation ?? 100, 0, 100)) return undefined;
    if (isWhole(hue, 0, 360)) glow.hue = hue;
    if (isWhole(saturation, 0, 100)) glow.saturation = saturation;
    // tp-link-tapo-connect sets colours so, on real devices.
    if (color_temp === undefined) Object.assign(glow, { kelvin: 0, effect: undefined });
  }
  if (color_temp !== undefined) {
    if (color_temp === 0) Object.assign(glow, { kelvin: 0, effect: undefined });
    else if (!has.kelvin || !isWhole(color_temp, min, max)) return undefined;
    else Object.assign(glow, { kelvin: color_temp, effect: undefined });
  }
  return glow;
}

interface Effects {
  readonly component: object;
  /** Their part of get_device_info. */
  info(): object;
  readonly calls: Calls;
}

const RULES: Readonly<Record<string, string>> = { L1: "Party", L2: "Relax" };

/** A bulb has two, by the ids of their rules. */
export const bulbEffects = (lamp: Lamp): Effects => ({
  component: { id: "light_effect", ver_code: 1 },
  info() {
    const id = Object.entries(RULES).find(([, name]) => name === lamp.now().effect)?.[0];
    return { dynamic_light_effect_enable: id !== undefined, ...(id !== undefined && { dynamic_light_effect_id: id }) };
  },
  calls: {
    set_dynamic_light_effect_rule_enable({ enable, id }) {
      const effect = enable === true && typeof id === "string" ? RULES[id] : undefined;
      if (enable !== false && effect === undefined) return invalid;
      lamp.set(effect === undefined ? { effect } : { on: true, effect });
      return done;
    },
  },
});

/** What it says of itself while none plays (an L930's, in python-kasa's tests/fixtures/smart). */
const STATION = { custom: 0, display_colors: [] as unknown[], id: "", name: "station" };

/**
 * A light strip is sent its effects whole, or one of their fields: a brightness alone dims the one that plays (python-kasa,
 * kasa/smart/modules/lightstripeffect.py). It does not light a strip that is off.
 */
export function stripEffects(lamp: Lamp): Effects {
  let last = STATION;
  const state = () => {
    const { effect, brightness } = lamp.now();
    return { ...(effect === undefined ? STATION : last), enable: effect === undefined ? 0 : 1, brightness };
  };
  return {
    component: { id: "light_strip_lighting_effect", ver_code: 2 },
    info: () => ({ lighting_effect: state() }),
    calls: {
      get_lighting_effect: () => tells(state()),
      set_lighting_effect({ enable, brightness, name, id, custom, display_colors }) {
        if (enable !== undefined && !isWhole(enable, 0, 1)) return invalid;
        if (brightness !== undefined && !isWhole(brightness, 1, 100)) return invalid;
        if (enable === 1) {
          if (typeof name !== "string" || name === "" || typeof id !== "string") return invalid;
          last = {
            custom: custom === 1 ? 1 : 0,
            display_colors: Array.isArray(display_colors) ? display_colors : [],
            id,
            name,
          };
        }
        lamp.set({
          ...(enable === 0 && { effect: undefined }),
          ...(enable === 1 && { effect: last.name }),
          ...(brightness !== undefined && enable !== 0 && { brightness }),
        });
        return done;
      },
    },
  };
}
