/** The newer JSON, method by method, as Tapo's and newer Kasa firmware answers it. Setters answer without a result; there are no transitions. */
import { DEFAULT_KELVIN, modelOf, type Body } from "./body";
import { isWhole, type Handler } from "./iot";
import type { Glow, Lamp } from "./lamp";

const OK = 0;
const NO_METHOD = -1002;
const NO_JSON = -1003;
const INVALID = -1008;
const MOST_AT_ONCE = 5;
const EFFECTS: Readonly<Record<string, string>> = { L1: "Party", L2: "Relax" };

interface Answer {
  readonly error_code: number;
  readonly result?: object;
}
type Call = (params: Record<string, unknown>) => Answer;

export function createSmart(body: Body): Handler {
  const calls = callsOf(body);
  const one = (request: unknown): Answer & { method?: string } => {
    if (typeof request !== "object" || request === null) return { error_code: NO_JSON };
    const { method, params } = request as { method?: unknown; params?: unknown };
    if (typeof method !== "string") return { error_code: NO_JSON };
    if (method === "multipleRequest") return many((params as { requests?: unknown } | undefined)?.requests);
    const call = Object.hasOwn(calls, method) ? calls[method] : undefined;
    return call ? call((params ?? {}) as Record<string, unknown>) : { error_code: NO_METHOD };
  };
  /** Stops at the first that fails, as the devices do. */
  const many = (requests: unknown): Answer => {
    if (!Array.isArray(requests) || requests.length === 0 || requests.length > MOST_AT_ONCE)
      return { error_code: INVALID };
    const responses: object[] = [];
    for (const request of requests) {
      const answer = one(request);
      responses.push({ method: (request as { method?: unknown } | null)?.method, ...answer });
      if (answer.error_code !== OK) break;
    }
    return { error_code: OK, result: { responses } };
  };
  return one;
}

function callsOf(body: Body): Readonly<Record<string, Call>> {
  const [lamp] = body.lamps as [Lamp];
  const { device, has } = body;
  const lit = device.kind === "bulb" || device.kind === "strip";
  const components = [
    { id: "device", ver_code: 2 },
    ...(has.brightness ? [{ id: "brightness", ver_code: 1 }] : []),
    ...(has.color ? [{ id: "color", ver_code: 1 }] : []),
    ...(has.kelvin ? [{ id: "color_temperature", ver_code: 1 }] : []),
    ...(lit && has.color ? [{ id: "light_effect", ver_code: 1 }] : []),
    ...(device.energy ? [{ id: "energy_monitoring", ver_code: 2 }] : []),
  ];
  return {
    component_nego: () => ({ error_code: OK, result: { component_list: components } }),
    get_device_info: () => ({ error_code: OK, result: deviceInfo(body, lamp.now()) }),
    set_device_info: (params) => {
      const glow = readInfo(params, body);
      if (glow === undefined) return { error_code: INVALID };
      lamp.set(glow);
      return { error_code: OK };
    },
    ...(lit &&
      has.color && {
        set_dynamic_light_effect_rule_enable: ({ enable, id }) => {
          if (enable === false) lamp.set({ effect: undefined });
          else {
            const name = typeof id === "string" ? EFFECTS[id] : undefined;
            if (enable !== true || name === undefined) return { error_code: INVALID };
            lamp.set({ on: true, effect: name });
          }
          return { error_code: OK };
        },
      }),
    ...(device.energy && {
      get_energy_usage: () => ({
        error_code: OK,
        result: { current_power: Math.round(body.powerW(body.lamps) * 1000), today_energy: 10, month_energy: 200 },
      }),
      get_current_power: () => ({ error_code: OK, result: { current_power: Math.round(body.powerW(body.lamps)) } }),
    }),
  };
}

function deviceInfo({ device, has }: Body, glow: Glow): object {
  const lit = device.kind === "bulb" || device.kind === "strip";
  const { min, max } = device.kelvin || DEFAULT_KELVIN;
  const effect = Object.entries(EFFECTS).find(([, name]) => name === glow.effect)?.[0];
  return {
    device_id: `80${device.mac.replaceAll(":", "")}`,
    fw_ver: "1.1.0 Build 230721 Rel.224802",
    hw_ver: "2.0",
    type: lit ? "SMART.TAPOBULB" : "SMART.TAPOPLUG",
    model: modelOf(device),
    mac: device.mac.replaceAll(":", "-"),
    nickname: Buffer.from(device.alias).toString("base64"),
    device_on: glow.on,
    ...(has.brightness && { brightness: glow.brightness }),
    ...(has.color && { hue: glow.hue, saturation: glow.saturation }),
    ...(has.kelvin && { color_temp: glow.kelvin, color_temp_range: [min, max] }),
    ...(lit &&
      has.color && {
        dynamic_light_effect_enable: effect !== undefined,
        ...(effect !== undefined && { dynamic_light_effect_id: effect }),
      }),
  };
}

function readInfo(params: Record<string, unknown>, { device, has }: Body): Partial<Glow> | undefined {
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
