/** A device's body: its lamps or relays, its meter and what is true of it whatever protocol its firmware speaks. */
import type { Clock } from "@skein/kit";
import { idOfMac, outletId } from "../device-id";
import type { Energy } from "../model";
import type { EmulatedDevice, Seen } from "./emulator";
import { cssOf, Lamp, stateOf } from "./lamp";

/** What it calls itself, the same in every protocol. */
export function modelOf({ kind, family, model, energy, color, kelvin }: EmulatedDevice): string {
  if (model !== undefined) return model;
  const lit = kind === "bulb" || kind === "strip";
  if (family === "smart") {
    if (kind === "power-strip") return energy ? "P304M" : "P300";
    if (lit) return kind === "strip" ? "L930" : "L530";
    return kind === "dimmer" ? "S500D" : energy ? "P110" : "P100";
  }
  if (kind === "strip") return "KL430(EU)";
  if (kind === "bulb") return color !== false ? "KL130(EU)" : kelvin !== false ? "KL120(EU)" : "KL110(EU)";
  if (kind === "power-strip") return "HS300(US)";
  return kind === "dimmer" ? "HS220(US)" : energy ? "HS110(EU)" : "HS100(EU)";
}

/** The family of a newer one, as it says it in discovery and of itself. */
export function smartTypeOf(kind: EmulatedDevice["kind"]): string {
  if (kind === "bulb" || kind === "strip") return "SMART.TAPOBULB";
  return kind === "dimmer" ? "SMART.TAPOSWITCH" : "SMART.TAPOPLUG";
}

export const DEFAULT_KELVIN = { min: 2500, max: 9000 } as const;

export interface Body {
  readonly device: EmulatedDevice;
  readonly id: string;
  /** One, or one an outlet. */
  readonly lamps: readonly Lamp[];
  readonly has: { readonly brightness: boolean; readonly color: boolean; readonly kelvin: boolean };
  energy: Partial<Energy>;
  look(powered: boolean): Seen[];
  /** What these draw, W: what was set, else what lamps of so many per cent do. */
  powerW(of: readonly Lamp[]): number;
}

export function createBody(
  device: EmulatedDevice,
  clock: Pick<Clock, "monotonic" | "setTimer">,
  changed: () => void,
): Body {
  const lit = device.kind === "bulb" || device.kind === "strip";
  const color = lit && device.color !== false;
  const has = { brightness: lit || device.kind === "dimmer", color, kelvin: lit && device.kelvin !== false };
  const count = device.kind === "power-strip" ? (device.outlets ?? 3) : 1;
  const start = { on: false, brightness: 100, hue: 0, saturation: 0, kelvin: lit ? 2700 : 0, effect: undefined };
  const lamps = Array.from({ length: count }, () => new Lamp(clock, start, changed));
  const id = idOfMac(device.mac);
  const body: Body = {
    device,
    id,
    lamps,
    has,
    energy: { voltageV: 230, totalKwh: 1.25 },
    powerW: (of) =>
      body.energy.powerW ??
      of.reduce((sum, lamp) => sum + (lamp.now().on ? (has.brightness ? lamp.now().brightness / 10 : 40) : 0), 0),
    look: (powered) =>
      lamps.map((lamp, index) => ({
        id: device.kind === "power-strip" ? outletId(id, index) : id,
        alias: device.kind === "power-strip" ? `${device.alias} ${index + 1}` : device.alias,
        powered,
        state: stateOf(lamp.now(), has),
        css: cssOf(lamp.now(), powered, has.color),
      })),
  };
  return body;
}
