/** A change as the methods that a newer device takes for it; they go in one request. */
import type { Change, LightState } from "../model";
import type { Reading } from "./family";
import { dimmed, ended, playing, SMART_STRIP_EFFECTS } from "./smart-effects";
import type { Call } from "./smart-part";
import { BULB_EFFECTS } from "./smart-reading";

/** @param reached what shows when it is done */
export function settersOf({ info, state }: Reading, change: Change, reached: LightState): Call[] {
  const set: Call = { method: "set_device_info", params: lightParams(state, change) };
  return info.kind === "strip" ? stripSetters(set, change, reached) : [set, ...bulbEffect(change)];
}

function lightParams(state: LightState, { on, brightness, hue, saturation, kelvin }: Change): object {
  const colored = hue !== undefined || saturation !== undefined;
  return {
    device_on: on !== false,
    ...(brightness !== undefined && { brightness }),
    ...(colored && { hue: hue ?? state.hue ?? 0, saturation: saturation ?? state.saturation ?? 100, color_temp: 0 }),
    ...(kelvin !== undefined && !colored && { color_temp: kelvin }),
  };
}

function bulbEffect({ effect }: Change): Call[] {
  if (effect === undefined) return [];
  const id = Object.entries(BULB_EFFECTS).find(([, name]) => name === effect)?.[0];
  const params = id === undefined ? { enable: false } : { enable: true, id };
  return [{ method: "set_dynamic_light_effect_rule_enable", params }];
}

/** As the older strips: an effect has a brightness of its own, which dims it; colour or white ends it by themselves. */
function stripSetters(set: Call, { effect, brightness }: Change, reached: LightState): Call[] {
  if (effect === null) return [ended(), set];
  const on: Call = { method: "set_device_info", params: { device_on: true } };
  const asked = SMART_STRIP_EFFECTS.find(({ name }) => name === effect);
  if (asked) return [on, playing(asked, reached.brightness ?? 100)];
  return reached.on && reached.effect !== undefined && brightness !== undefined ? [on, dimmed(brightness)] : [set];
}
