/** The older family's JSON, module by module, over XOR or KLAP: bulbs, light strips, dimmers, plugs, power strips (reference/kasa.md, "Devices"). */
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import { idOfMac, macOf, outletId } from "../device-id";
import type { Change, DeviceInfo, DeviceKind, Energy, LightState } from "../model";
import { effectArguments, NO_EFFECT, STRIP_EFFECTS } from "./effects";
import type { Exchange, Family, Reading } from "./family";
import { kelvinOf } from "./iot-models";
import { brightness, hue, kelvin, saturation, words } from "./said";
import { after, fit } from "./wanted";

const BULB = "smartlife.iot.smartbulb.lightingservice";
const STRIP = "smartlife.iot.lightStrip";
const EFFECT = "smartlife.iot.lighting_effect";
const DIMMER = "smartlife.iot.dimmer";

const flag = z.union([z.literal(0), z.literal(1)]);
const text = z.string().max(300);
const shown = z.object({
  hue: hue.default(0),
  saturation: saturation.default(0),
  color_temp: kelvin.default(0),
  brightness: brightness.default(100),
});
const lightState = shown.extend({ on_off: flag, dft_on_state: shown.optional() });
const sysinfo = z.object({
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
type Sysinfo = z.output<typeof sysinfo>;

export const SYSINFO = { system: { get_sysinfo: {} } } as const;

/** The children's own ids, by our outlets' ids: commands name them. */
export function createIot(): Family {
  const children = new Map<string, string>();
  return {
    readings: () => ({
      request: SYSINFO,
      read(answer) {
        const info = part(answer, "system", "get_sysinfo", sysinfo);
        const all = readingsOf(info);
        info.children?.forEach((child, index) => {
          const id = all[index]?.info.id;
          if (id !== undefined) children.set(id, child.id.length <= 2 ? info.deviceId + child.id : child.id);
        });
        return all;
      },
    }),
    change: (reading, change) => changeOf(reading, change, children.get(reading.info.id)),
    energy: ({ info }) => {
      const module = info.kind === "bulb" || info.kind === "strip" ? "smartlife.iot.common.emeter" : "emeter";
      return {
        request: { ...contextOf(children.get(info.id)), [module]: { get_realtime: {} } },
        read: (answer) => energyOf(part(answer, module, "get_realtime", meter)),
      };
    },
  };
}

function readingsOf(info: Sysinfo): Reading[] {
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

function stateOf(
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

function changeOf({ info, state }: Reading, wish: Change, child: string | undefined): Exchange<LightState> {
  const change = fit(info, wish);
  const reached = after(info.abilities, state, change);
  const yes = (module: string, method: string) => (answer: object) => {
    said(answer, module, method);
    return reached;
  };
  const { on, brightness, transitionMs } = change;
  switch (info.kind) {
    case "plug":
    case "outlet":
      return {
        request: { ...contextOf(child), system: { set_relay_state: { state: on === false ? 0 : 1 } } },
        read: yes("system", "set_relay_state"),
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
          read: yes(DIMMER, "set_dimmer_transition"),
        };
      return {
        // Its brightness alone does not switch it on; both go in one request.
        request: {
          ...(brightness !== undefined && { [DIMMER]: { set_brightness: { brightness } } }),
          system: { set_relay_state: { state: on === false ? 0 : 1 } },
        },
        read: yes("system", "set_relay_state"),
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

const effectTaken = (answer: object): object => said(answer, EFFECT, "set_lighting_effect");

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
      const state = lightState.safeParse(said(answer, module, method));
      return state.success ? stateOf(info, { light_state: state.data }) : reached;
    },
  };
}

const meter = z.object({
  power_mw: z.number().optional(),
  voltage_mv: z.number().optional(),
  current_ma: z.number().optional(),
  total_wh: z.number().optional(),
  // The first firmwares said it in whole units.
  power: z.number().optional(),
  voltage: z.number().optional(),
  current: z.number().optional(),
  total: z.number().optional(),
});

function energyOf(said: z.output<typeof meter>): Energy {
  const thousandth = (value: number | undefined) => (value === undefined ? undefined : value / 1000);
  return {
    powerW: said.power ?? (said.power_mw ?? 0) / 1000,
    voltageV: said.voltage ?? thousandth(said.voltage_mv),
    currentA: said.current ?? thousandth(said.current_ma),
    totalKwh: said.total ?? thousandth(said.total_wh),
  };
}

const contextOf = (child: string | undefined): object =>
  child === undefined ? {} : { context: { child_ids: [child] } };

/** What one method of a module answered. @throws SkeinError DEVICE_REFUSED with its error, KASA_GARBAGE */
function part<S extends z.ZodType>(answer: object, module: string, method: string, schema: S): z.output<S> {
  const parsed = schema.safeParse(said(answer, module, method));
  if (!parsed.success) throw new SkeinError("KASA_GARBAGE", `the device's answer to ${method} is not understood.`);
  return parsed.data;
}

/** The same, not looked at yet; without a schema, since every command is answered so. */
function said(answer: object, module: string, method: string): object {
  const answers = (answer as Record<string, unknown>)[module] as Record<string, unknown> | undefined;
  const what = answers?.[method] ?? answers;
  if (typeof what !== "object" || what === null)
    throw new SkeinError("KASA_GARBAGE", `the device does not answer to ${method}.`);
  const { err_code, err_msg } = what as { err_code?: unknown; err_msg?: unknown };
  if (typeof err_code === "number" && err_code !== 0)
    throw new SkeinError(
      "DEVICE_REFUSED",
      `the device refuses ${method}: ${typeof err_msg === "string" ? err_msg.slice(0, 300) : "error"} (${err_code}).`,
    );
  return what;
}
