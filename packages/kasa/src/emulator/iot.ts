/** The older JSON, module by module (`{"system":{"get_sysinfo":{}}}`), as the firmware of bulbs, strips, dimmers, plugs and power strips answers it. */
import { createHash } from "node:crypto";
import { modelOf, type Body } from "./body";
import { INVALID, INVALID_LIGHT, NO_CHILD, noOf } from "./iot-errors";
import { readFields } from "./iot-light";
import type { Glow, Lamp } from "./lamp";

type Json = Record<string, unknown>;
const BULB = "smartlife.iot.smartbulb.lightingservice";
const STRIP = "smartlife.iot.lightStrip";

export type Handler = (request: unknown) => object;

export function createIot(body: Body): Handler {
  const modules = modulesOf(body);
  const no = noOf(body.device.kind);
  return (request) => {
    if (typeof request !== "object" || request === null || Array.isArray(request)) return { err_code: -3 };
    const { context, ...asked } = request as Json;
    const children = (context as { child_ids?: unknown } | undefined)?.child_ids;
    return Object.fromEntries(
      Object.entries(asked).map(([name, methods]) => {
        // Of its own only: `valueOf` is no module of a lamp.
        const module = Object.hasOwn(modules, name) ? modules[name] : undefined;
        if (!module) return [name, no.module];
        if (typeof methods !== "object" || methods === null) return [name, no.method];
        return [
          name,
          Object.fromEntries(
            Object.entries(methods as Json).map(([method, args]) => {
              const call = Object.hasOwn(module, method) ? module[method] : undefined;
              if (!call) return [method, no.method];
              if (typeof args !== "object") return [method, no.invalid];
              const lamps = lampsOf(body, children);
              return [method, "err_code" in lamps ? lamps : call((args ?? {}) as Json, lamps)];
            }),
          ),
        ];
      }),
    );
  };
}

type Call = (args: Json, lamps: readonly Lamp[]) => object;
type Modules = Readonly<Record<string, Readonly<Record<string, Call>>>>;

function modulesOf(body: Body): Modules {
  const { kind } = body.device;
  const system = { get_sysinfo: () => ({ ...sysinfo(body), err_code: 0 }) };
  if (kind === "bulb" || kind === "strip") {
    const [lamp] = body.lamps as [Lamp];
    const set = (field: string) => (args: Json) => setLight(body, lamp, args, field);
    const meter: Modules = body.device.energy ? { "smartlife.iot.common.emeter": meterOf(body) } : {};
    if (kind === "bulb")
      return {
        system,
        [BULB]: {
          get_light_state: () => ({ ...lightState(body, lamp), err_code: 0 }),
          transition_light_state: set("transition_period"),
        },
        ...meter,
      };
    return {
      system,
      [STRIP]: {
        get_light_state: () => ({ ...lightState(body, lamp), err_code: 0 }),
        set_light_state: set("transition"),
      },
      "smartlife.iot.lighting_effect": { set_lighting_effect: (args) => setEffect(lamp, args) },
      ...meter,
    };
  }
  const relay: Call = ({ state }, lamps) => {
    if (state !== 0 && state !== 1) return INVALID;
    for (const lamp of lamps) lamp.set({ on: state === 1 });
    return { err_code: 0 };
  };
  return {
    system: { ...system, set_relay_state: relay },
    ...(kind === "dimmer" && { "smartlife.iot.dimmer": dimmerOf(body.lamps[0] as Lamp) }),
    ...(body.device.energy && { emeter: meterOf(body) }),
  };
}

/** `set_brightness` does not switch on, `set_dimmer_transition` does. */
const dimmerOf = (lamp: Lamp): Record<string, Call> => ({
  set_brightness({ brightness }) {
    if (!isWhole(brightness, 1, 100)) return INVALID;
    lamp.set({ brightness });
    return { err_code: 0 };
  },
  set_dimmer_transition({ brightness, duration }) {
    if (!isWhole(brightness, 0, 100) || !isWhole(duration, 1, 600_000)) return INVALID;
    lamp.set(brightness === 0 ? { on: false } : { on: true, brightness }, duration);
    return { err_code: 0 };
  },
});

const meterOf = (body: Body): Record<string, Call> => ({
  get_realtime: (_args, lamps) => {
    const powerW = body.powerW(lamps);
    const { voltageV = 230, totalKwh = 0 } = body.energy;
    return body.device.kind === "bulb" || body.device.kind === "strip"
      ? { power_mw: Math.round(powerW * 1000), total_wh: Math.round(totalKwh * 1000), err_code: 0 }
      : {
          voltage_mv: Math.round(voltageV * 1000),
          current_ma: Math.round((powerW / voltageV) * 1000),
          power_mw: Math.round(powerW * 1000),
          total_wh: Math.round(totalKwh * 1000),
          err_code: 0,
        };
  },
});

function setLight(body: Body, lamp: Lamp, args: Json, transitionField: string): object {
  const read = readFields(args, body);
  if ("err_code" in read) return read;
  const transition = args[transitionField];
  if (transition !== undefined && !isWhole(transition, 0, 600_000)) return INVALID_LIGHT;
  lamp.set(read.glow, transition ?? 0);
  const aim = { ...lightState(body, lamp, lamp.aim), err_code: 0 };
  return aim;
}

/** Flat while on; while off what it comes back with stands in `dft_on_state`. */
function lightState(body: Body, lamp: Lamp, glow: Glow = lamp.now()): Json {
  const { on, brightness, hue, saturation, kelvin } = glow;
  const shown = {
    mode: "normal",
    hue: body.has.color ? hue : 0,
    saturation: body.has.color ? saturation : 0,
    color_temp: kelvin,
    brightness,
  };
  return on ? { on_off: 1, ...shown } : { on_off: 0, dft_on_state: shown };
}

function setEffect(lamp: Lamp, args: Json): object {
  if (args["enable"] !== 0 && args["enable"] !== 1) return INVALID_LIGHT;
  if (args["enable"] === 0) lamp.set({ effect: undefined });
  else if (typeof args["name"] !== "string" || args["name"] === "") return INVALID_LIGHT;
  else
    lamp.set({
      on: true,
      effect: args["name"],
      ...(isWhole(args["brightness"], 1, 100) && { brightness: args["brightness"] }),
    });
  return { err_code: 0 };
}

function sysinfo(body: Body): Json {
  const { device, lamps, has } = body;
  const deviceId = deviceIdOf(device);
  const common = { sw_ver: "1.8.11 Build 191113 Rel.105336", hw_ver: "1.0", deviceId, alias: device.alias, rssi: -55 };
  const [lamp] = lamps as [Lamp];
  if (device.kind === "bulb" || device.kind === "strip") {
    const strip = device.kind === "strip";
    return {
      ...common,
      model: modelOf(device),
      mic_type: "IOT.SMARTBULB",
      mic_mac: device.mac.replaceAll(":", ""),
      description: "Smart Wi-Fi LED Light",
      is_dimmable: 1,
      is_color: has.color ? 1 : 0,
      is_variable_color_temp: has.kelvin ? 1 : 0,
      light_state: lightState(body, lamp),
      ...(strip && {
        length: 16,
        lighting_effect_state: {
          enable: lamp.now().effect === undefined ? 0 : 1,
          name: lamp.now().effect ?? "",
          id: "",
          custom: 0,
          brightness: lamp.now().brightness,
        },
      }),
    };
  }
  const relay = {
    type: "IOT.SMARTPLUGSWITCH",
    mac: device.mac,
    feature: device.energy ? "TIM:ENE" : "TIM",
    led_off: 0,
  };
  if (device.kind === "power-strip")
    return {
      ...common,
      ...relay,
      model: modelOf(device),
      child_num: lamps.length,
      children: body.look(true).map(({ alias, state }, index) => ({
        id: deviceId + String(index).padStart(2, "0"),
        alias,
        state: state.on ? 1 : 0,
        on_time: 0,
      })),
    };
  return {
    ...common,
    ...relay,
    model: modelOf(device),
    relay_state: lamp.now().on ? 1 : 0,
    on_time: 0,
    ...(device.kind === "dimmer" && { brightness: lamp.now().brightness }),
  };
}

/** All of them, or the named ones by their ids, whole or the two digits at their end. What has no outlets does not look at names. */
function lampsOf({ device, lamps }: Body, children: unknown): readonly Lamp[] | typeof NO_CHILD {
  if (children === undefined || device.kind !== "power-strip") return lamps;
  if (!Array.isArray(children) || !children.every((id) => typeof id === "string")) return INVALID;
  const own = deviceIdOf(device);
  const named = children.map((id) => {
    const index = /^\d\d$/.exec(id.startsWith(own) ? id.slice(own.length) : id)?.[0];
    return index === undefined ? undefined : lamps[Number(index)];
  });
  return named.every((lamp) => lamp !== undefined) ? named : NO_CHILD;
}

const deviceIdOf = ({ mac }: Body["device"]): string =>
  `8012${createHash("sha1").update(mac).digest("hex").toUpperCase().slice(0, 36)}`;

export const isWhole = (value: unknown, min: number, max: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
