/** What the newer family's answers tell of a device, or of each outlet of a power strip. */
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import { idOfMac, macOf, outletId } from "../device-id";
import type { DeviceInfo, DeviceKind, LightState } from "../model";
import type { Reading } from "./family";
import { brightness, hue, kelvin, saturation, shortened, words } from "./said";
import type { Components } from "./smart-components";
import { SMART_STRIP_EFFECTS } from "./smart-effects";

/** A bulb's effects, by the id of their rule. */
export const BULB_EFFECTS: Readonly<Record<string, string>> = { L1: "Party", L2: "Relax" };

const text = z.string().max(300);
export const deviceInfo = z.object({
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
  lighting_effect: z
    .object({ enable: z.number(), name: words.default(""), brightness: brightness.optional() })
    .optional(),
});
type Said = z.output<typeof deviceInfo>;

/** As a P300 and an EP40M list theirs, the last outlet first (python-kasa, tests/fixtures/smart). */
export const childList = z.object({
  child_device_list: z
    .array(
      z.object({
        device_id: text,
        nickname: text.default(""),
        device_on: z.boolean().optional(),
        /** Its place in the strip, from 1. */
        position: z.int().min(1).max(99).optional(),
      }),
    )
    .max(50),
});
type Child = z.output<typeof childList>["child_device_list"][number];

/** An outlet's own answer. */
export const outletInfo = z.object({ device_on: z.boolean() });

export interface OutletReading extends Reading {
  /** Its own, by which it is asked for. */
  readonly deviceId: string;
}

export function readingOf(said: Said, { own }: Components): Reading {
  const common = commonOf(said);
  const range = said.color_temp_range;
  const info: DeviceInfo = {
    ...common,
    kind: kindOf(said, own),
    alias: aliasOf(said),
    abilities: {
      brightness: said.brightness !== undefined,
      color: said.hue !== undefined,
      ...(range && range[0] < range[1] && { kelvin: { min: range[0], max: range[1] } }),
      effects: effectsOf(said, own),
      transition: false,
      energy: own.has("energy_monitoring"),
    },
  };
  return { info, state: stateOf(info, said) };
}

/**
 * Each child that has a place and can be switched, in the order of their places: an outlet keeps its id whatever order they are listed in. The
 * sensors of a hub have neither, and are none.
 */
export function outletsOf(
  said: Said,
  children: readonly Child[],
  { children: components }: Components,
): OutletReading[] {
  const { id: parent, ...common } = commonOf(said);
  return children
    .flatMap((child) => {
      const { device_id, device_on, position } = child;
      if (device_on === undefined || position === undefined) return [];
      const abilities = {
        brightness: false,
        color: false,
        effects: [],
        transition: false,
        energy: components.get(device_id)?.has("energy_monitoring") === true,
      };
      const id = outletId(parent, position - 1);
      const info: DeviceInfo = { ...common, id, parent, kind: "outlet", alias: aliasOf(child), abilities };
      return [{ deviceId: device_id, info, state: { on: device_on } }];
    })
    .toSorted((a, b) => (a.info.id < b.info.id ? -1 : 1));
}

function commonOf(said: Said) {
  const mac = macOf(said.mac);
  if (mac === undefined) throw new SkeinError("KASA_GARBAGE", "a device answers without its MAC.");
  const { model, fw_ver: firmware, hw_ver: hardware } = said;
  return { id: idOfMac(mac), family: "smart", model, mac, firmware, hardware } as const;
}

const aliasOf = ({ nickname }: { readonly nickname: string }): string =>
  shortened(Buffer.from(nickname, "base64").toString());

function kindOf(said: Said, own: Components["own"]): DeviceKind {
  if (said.brightness === undefined) return "plug";
  if (own.has("light_strip")) return "strip";
  return said.type.includes("SWITCH") ? "dimmer" : "bulb";
}

function effectsOf(said: Said, own: Components["own"]): string[] {
  if (own.has("light_strip_lighting_effect")) return SMART_STRIP_EFFECTS.map(({ name }) => name);
  return said.dynamic_light_effect_enable === undefined ? [] : Object.values(BULB_EFFECTS);
}

function stateOf({ abilities }: DeviceInfo, said: Said): LightState {
  const on = said.device_on;
  const dimmed = said.brightness === undefined ? {} : { brightness: said.brightness };
  const { lighting_effect: strip } = said;
  if (strip?.enable === 1 && strip.name !== "")
    return {
      on,
      ...dimmed,
      ...(strip.brightness !== undefined && { brightness: strip.brightness }),
      effect: strip.name,
    };
  const effect = said.dynamic_light_effect_enable ? BULB_EFFECTS[said.dynamic_light_effect_id ?? ""] : undefined;
  if (effect !== undefined) return { on, ...dimmed, effect };
  if (said.color_temp !== undefined && said.color_temp > 0)
    return { on, ...dimmed, ...(abilities.kelvin && { kelvin: said.color_temp }) };
  return { on, ...dimmed, ...(abilities.color && { hue: said.hue ?? 0, saturation: said.saturation ?? 0 }) };
}
