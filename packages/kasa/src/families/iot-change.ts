/** A change as the one request that the older family's modules take for it. */
import type { Change, DeviceInfo, LightState } from "../model";
import { effectArguments, NO_EFFECT, STRIP_EFFECTS } from "./effects";
import type { Exchange, Reading } from "./family";
import { yes } from "./iot-part";
import { lightState, stateOf } from "./iot-reading";
import { after, fit } from "./wanted";

const BULB = "smartlife.iot.smartbulb.lightingservice";
const STRIP = "smartlife.iot.lightStrip";
const EFFECT = "smartlife.iot.lighting_effect";
const DIMMER = "smartlife.iot.dimmer";

export function changeOf({ info, state }: Reading, wish: Change, child: string | undefined): Exchange<LightState> {
  const change = fit(info, wish);
  const reached = after(info.abilities, state, change);
  const taken = (module: string, method: string) => (answer: object) => {
    yes(answer, module, method);
    return reached;
  };
  const { on, brightness, transitionMs } = change;
  switch (info.kind) {
    case "plug":
    case "outlet":
      return {
        request: { ...contextOf(child), system: { set_relay_state: { state: on === false ? 0 : 1 } } },
        read: taken("system", "set_relay_state"),
      };
    case "dimmer":
      if (transitionMs !== undefined && transitionMs > 0)
        return {
          request: {
            [DIMMER]: {
              set_dimmer_transition: {
                brightness: on === false ? 0 : (brightness ?? state.brightness ?? 100),
                duration: Math.max(1, transitionMs),
              },
            },
          },
          read: taken(DIMMER, "set_dimmer_transition"),
        };
      return {
        // Its brightness alone does not switch it on; both go in one request.
        request: {
          ...(brightness !== undefined && { [DIMMER]: { set_brightness: { brightness } } }),
          system: { set_relay_state: { state: on === false ? 0 : 1 } },
        },
        read: taken("system", "set_relay_state"),
      };
    case "bulb":
      return lightChange(BULB, "transition_light_state", "transition_period", info, state, change);
    case "strip":
      return stripChange(info, state, change, reached);
  }
}

/**
 * An effect is sent whole, also when only its brightness changes. One made in the maker's app, whose definition we do not have, is dimmed as
 * light is; to end one is a word of its own, which goes with the rest in one request.
 */
function stripChange(info: DeviceInfo, before: LightState, change: Change, reached: LightState): Exchange<LightState> {
  const light = lightChange(STRIP, "set_light_state", "transition", info, before, change);
  const known = STRIP_EFFECTS.find(({ name }) => name === reached.effect);
  const dims = change.brightness !== undefined && change.effect === undefined;
  if (known && (change.effect !== undefined || dims)) {
    const args = effectArguments(known, reached.brightness ?? 100);
    const read = (answer: object) => {
      effectTaken(answer);
      return reached;
    };
    return { request: { [EFFECT]: { set_lighting_effect: args } }, read };
  }
  if (reached.effect !== undefined) return { ...light, read: (answer) => ({ ...light.read(answer), ...reached }) };
  if (change.effect !== null) return light;
  return {
    request: { [EFFECT]: { set_lighting_effect: NO_EFFECT }, ...light.request },
    read(answer) {
      effectTaken(answer);
      return light.read(answer);
    },
  };
}

const effectTaken = (answer: object): object => yes(answer, EFFECT, "set_lighting_effect");

function lightChange(
  module: string,
  method: string,
  transitionField: string,
  info: DeviceInfo,
  before: LightState,
  change: Change,
): Exchange<LightState> {
  const { on, brightness, hue, saturation, kelvin, transitionMs } = change;
  const reached = after(info.abilities, before, change);
  const colored = hue !== undefined || saturation !== undefined;
  const bare = brightness === undefined && !colored && kelvin === undefined;
  const args = {
    on_off: on === false ? 0 : 1,
    // Without it a bare "on" would keep the last state, with it it takes what the owner set as default (reference/kasa.md).
    ignore_default: bare && on !== false ? 0 : 1,
    ...(brightness !== undefined && { brightness }),
    // A bulb in white stays white unless it is told 0.
    ...(colored && { hue: reached.hue, saturation: reached.saturation, color_temp: 0 }),
    ...(kelvin !== undefined && !colored && { color_temp: kelvin }),
    ...(transitionMs !== undefined && { [transitionField]: transitionMs }),
  };
  return {
    request: { [module]: { [method]: args } },
    read(answer) {
      // It answers with where it is going; a firmware that says only yes is taken at that.
      const state = lightState.safeParse(yes(answer, module, method));
      return state.success ? stateOf(info, { light_state: state.data }) : reached;
    },
  };
}

/** Names the outlet that is meant. */
export const contextOf = (child: string | undefined): object =>
  child === undefined ? {} : { context: { child_ids: [child] } };
