/** What the older family's sysinfo tells of a device, or of each outlet of a power strip. */
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import { idOfMac, macOf, outletId } from "../device-id";
import type { DeviceInfo, DeviceKind, LightState } from "../model";
import { STRIP_EFFECTS } from "./effects";
import type { Reading } from "./family";
import { kelvinOf } from "./iot-models";
import { brightness, hue, kelvin, saturation, words } from "./said";

const flag = z.union([z.literal(0), z.literal(1)]);
const text = z.string().max(300);
const shown = z.object({
  hue: hue.default(0),
  saturation: saturation.default(0),
  color_temp: kelvin.default(0),
  brightness: brightness.default(100),
});
export const lightState = shown.extend({ on_off: flag, dft_on_state: shown.optional() });
export const sysinfo = z.object({
  model: words,
  alias: words.default(""),
  mac: text.optional(),
  mic_mac: text.optional(),
  deviceId: text.default(""),
  sw_ver: words.default(""),
  hw_ver: words.default(""),
  feature: text.default(""),
  is_dimmable: flag.default(0),
  is_color: flag.default(0),
  is_variable_color_temp: flag.default(0),
  length: z.number().default(0),
  light_state: lightState.optional(),
  lighting_effect_state: z
    .object({ enable: flag, name: words.default(""), brightness: brightness.optional() })
    .optional(),
  relay_state: flag.optional(),
  brightness: brightness.optional(),
  children: z
    .array(z.object({ id: text, alias: words.default(""), state: flag }))
    .max(20)
    .optional(),
});
export type Sysinfo = z.output<typeof sysinfo>;

export function readingsOf(info: Sysinfo): Reading[] {
  const mac = macOf(info.mac ?? info.mic_mac);
  if (mac === undefined) throw new SkeinError("KASA_GARBAGE", "a device answers without its MAC.");
  const id = idOfMac(mac);
  const common = { family: "iot", model: info.model, mac, firmware: info.sw_ver, hardware: info.hw_ver } as const;
  const none = {
    brightness: false,
    color: false,
    effects: [],
    transition: false,
    energy: info.feature.includes("ENE"),
  };
  if (info.children)
    return info.children.map(({ alias, state }, index) => ({
      info: { ...common, id: outletId(id, index), parent: id, kind: "outlet", alias, abilities: none },
      state: { on: state === 1 },
    }));
  if (info.light_state) {
    const strip = info.length > 0;
    const abilities = {
      brightness: info.is_dimmable === 1,
      color: info.is_color === 1,
      ...(info.is_variable_color_temp === 1 && { kelvin: kelvinOf(info.model) }),
      effects: strip ? STRIP_EFFECTS.map(({ name }) => name) : [],
      transition: true,
      energy: !strip,
    };
    const kind: DeviceKind = strip ? "strip" : "bulb";
    const device: DeviceInfo = { ...common, id, kind, alias: info.alias, abilities };
    return [{ info: device, state: stateOf(device, info) }];
  }
  const dimmer = info.brightness !== undefined;
  return [
    {
      info: {
        ...common,
        id,
        kind: dimmer ? "dimmer" : "plug",
        alias: info.alias,
        abilities: { ...none, brightness: dimmer, transition: dimmer },
      },
      state: { on: info.relay_state === 1, ...(dimmer && { brightness: info.brightness }) },
    },
  ];
}

export function stateOf(
  { abilities }: DeviceInfo,
  { light_state, lighting_effect_state }: Pick<Sysinfo, "light_state" | "lighting_effect_state">,
): LightState {
  if (!light_state) return { on: false };
  const on = light_state.on_off === 1;
  const { hue, saturation, color_temp, brightness } = (on ? undefined : light_state.dft_on_state) ?? light_state;
  const dimmed = abilities.brightness ? { brightness } : {};
  if (lighting_effect_state?.enable === 1 && lighting_effect_state.name !== "")
    return { on, brightness: lighting_effect_state.brightness ?? brightness, effect: lighting_effect_state.name };
  if (color_temp > 0) return { on, ...dimmed, ...(abilities.kelvin && { kelvin: color_temp }) };
  return { on, ...dimmed, ...(abilities.color && { hue, saturation }) };
}
