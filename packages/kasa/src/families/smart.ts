/** The newer family's JSON, method by method, over KLAP v2 or AES: Tapo's devices and newer Kasa ones (reference/kasa.md, "SMART JSON"). */
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import { idOfMac, macOf } from "../device-id";
import type { Change, DeviceInfo, LightState } from "../model";
import type { Family, Reading } from "./family";
import { brightness, hue, kelvin, saturation, shortened, words } from "./said";
import { after, fit } from "./wanted";

const EFFECTS: Readonly<Record<string, string>> = { L1: "Party", L2: "Relax" };

const text = z.string().max(300);
const deviceInfo = z.object({
  model: words,
  mac: text,
  nickname: text.default(""),
  fw_ver: words.default(""),
  hw_ver: words.default(""),
  type: text.default(""),
  device_on: z.boolean().default(false),
  brightness: brightness.optional(),
  hue: hue.optional(),
  saturation: saturation.optional(),
  color_temp: kelvin.optional(),
  color_temp_range: z.tuple([kelvin, kelvin]).optional(),
  dynamic_light_effect_enable: z.boolean().optional(),
  dynamic_light_effect_id: text.optional(),
});
type Said = z.output<typeof deviceInfo>;

const components = z.object({ component_list: z.array(z.object({ id: text })).max(200) });

/** What it is made of does not change while it runs: asked for until it is known. */
export function createSmart(): Family {
  let measures: boolean | undefined;
  return {
    readings: () => ({
      request: many([...(measures === undefined ? [{ method: "component_nego" }] : []), { method: "get_device_info" }]),
      read(answer) {
        measures ??= result(answer, "component_nego", components).component_list.some(
          ({ id }) => id === "energy_monitoring",
        );
        return [readingOf(result(answer, "get_device_info", deviceInfo), measures)];
      },
    }),
    change(reading, wish) {
      const change = fit(reading.info, wish);
      const reached = after(reading.info.abilities, reading.state, change);
      return {
        request: many([...setters(reading, change), { method: "get_device_info" }]),
        read(answer) {
          const said = readingOf(result(answer, "get_device_info", deviceInfo), measures ?? false).state;
          // Brightness and colour of what was just switched on or off are told a moment late.
          return said.on === reached.on ? said : reached;
        },
      };
    },
    energy: () => ({
      request: many([{ method: "get_energy_usage" }]),
      read(answer) {
        const { current_power } = result(answer, "get_energy_usage", usage);
        return { powerW: current_power / 1000 };
      },
    }),
  };
}

function setters({ state }: Reading, { on, brightness, hue, saturation, kelvin, effect }: Change): object[] {
  const colored = hue !== undefined || saturation !== undefined;
  const params = {
    device_on: on !== false,
    ...(brightness !== undefined && { brightness }),
    ...(colored && { hue: hue ?? state.hue ?? 0, saturation: saturation ?? state.saturation ?? 100, color_temp: 0 }),
    ...(kelvin !== undefined && !colored && { color_temp: kelvin }),
  };
  const id = Object.entries(EFFECTS).find(([, name]) => name === effect)?.[0];
  return [
    { method: "set_device_info", params },
    ...(effect === undefined
      ? []
      : [
          {
            method: "set_dynamic_light_effect_rule_enable",
            params: id === undefined ? { enable: false } : { enable: true, id },
          },
        ]),
  ];
}

function readingOf(said: Said, energy: boolean): Reading {
  const mac = macOf(said.mac);
  if (mac === undefined) throw new SkeinError("KASA_GARBAGE", "a device answers without its MAC.");
  const range = said.color_temp_range;
  const color = said.hue !== undefined;
  const light = said.brightness !== undefined;
  const info: DeviceInfo = {
    id: idOfMac(mac),
    kind: !light ? "plug" : said.type.includes("SWITCH") ? "dimmer" : "bulb",
    family: "smart",
    model: said.model,
    alias: shortened(Buffer.from(said.nickname, "base64").toString()),
    mac,
    firmware: said.fw_ver,
    hardware: said.hw_ver,
    abilities: {
      brightness: light,
      color,
      ...(range && range[0] < range[1] && { kelvin: { min: range[0], max: range[1] } }),
      effects: said.dynamic_light_effect_enable === undefined ? [] : Object.values(EFFECTS),
      transition: false,
      energy,
    },
  };
  return { info, state: stateOf(info, said) };
}

function stateOf({ abilities }: DeviceInfo, said: Said): LightState {
  const on = said.device_on;
  const dimmed = said.brightness === undefined ? {} : { brightness: said.brightness };
  const effect = said.dynamic_light_effect_enable ? EFFECTS[said.dynamic_light_effect_id ?? ""] : undefined;
  if (effect !== undefined) return { on, ...dimmed, effect };
  if (said.color_temp !== undefined && said.color_temp > 0)
    return { on, ...dimmed, ...(abilities.kelvin && { kelvin: said.color_temp }) };
  return { on, ...dimmed, ...(abilities.color && { hue: said.hue ?? 0, saturation: said.saturation ?? 0 }) };
}

const many = (requests: readonly object[]): object => ({ method: "multipleRequest", params: { requests } });

const usage = z.object({ current_power: z.number() });
const answers = z.object({
  error_code: z.number(),
  result: z
    .object({
      responses: z.array(z.object({ method: words, error_code: z.number(), result: z.unknown().optional() })).max(20),
    })
    .optional(),
});

/** What one method answered. @throws SkeinError DEVICE_REFUSED where it, or one before it, was refused; KASA_GARBAGE */
function result<S extends z.ZodType>(answer: object, method: string, schema: S): z.output<S> {
  const read = answers.safeParse(answer);
  if (!read.success) throw new SkeinError("KASA_GARBAGE", `the device's answer to ${method} is not understood.`);
  const refused = read.data.result?.responses.find(({ error_code }) => error_code !== 0) ?? {
    method,
    error_code: read.data.error_code,
  };
  if (refused.error_code !== 0)
    throw new SkeinError("DEVICE_REFUSED", `the device refuses ${refused.method} (error ${refused.error_code}).`);
  const parsed = schema.safeParse(read.data.result?.responses.find((each) => each.method === method)?.result);
  if (!parsed.success) throw new SkeinError("KASA_GARBAGE", `the device's answer to ${method} is not understood.`);
  return parsed.data;
}
