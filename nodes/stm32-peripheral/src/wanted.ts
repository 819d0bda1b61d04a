/**
 * What a driven channel is to be, as people say it (`40`, `"40 %"`, `true`, `"off"`), and whether the channel can. Both halves of the node
 * import this: what the dialog marks as wrong is what the runtime refuses.
 */
import type { HubChannel } from "@skein/contracts";

/** A number, with the unit if one was said; or on and off. */
export type Wanted = { readonly value: number; readonly unit?: string } | { readonly on: boolean };

const WORDS: Readonly<Record<string, boolean>> = { on: true, true: true, off: false, false: false };
const NUMBER = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(\D*)$/i;

/** Undefined for what says nothing to a channel. */
export function wantedIn(said: unknown): Wanted | undefined {
  if (typeof said === "boolean") return { on: said };
  if (typeof said === "number") return Number.isFinite(said) ? { value: said } : undefined;
  if (typeof said !== "string") return undefined;
  const text = said.trim();
  const on = WORDS[text.toLowerCase()];
  if (on !== undefined) return { on };
  const [, number, unit] = NUMBER.exec(text) ?? [];
  if (number === undefined) return undefined;
  return { value: Number(number), ...(unit ? { unit } : {}) };
}

/** A value that is sent as it is, or why there is none. */
export type Fit = { readonly value: number } | { readonly wrong: "range" | "unit" | "on" };

type Ranged = Pick<HubChannel, "kind" | "unit" | "min" | "max" | "safe">;

/**
 * On and off are greatest and least of what can only be on or off, and of a lamp. A motor has no "on" (how fast?); its "off" is its safe
 * value, and not its least one, which may be full speed backwards.
 */
export function fitFor(channel: Ranged, wanted: Wanted): Fit {
  if ("on" in wanted) {
    if (isSwitched(channel)) return { value: wanted.on ? channel.max : channel.min };
    return wanted.on ? { wrong: "on" } : { value: channel.safe };
  }
  if (wanted.unit !== undefined && wanted.unit !== channel.unit && wanted.unit !== unitShown(channel.unit))
    return { wrong: "unit" };
  // Boards count in single precision, where 3.3 is a little less.
  const single = Math.fround(wanted.value);
  if (single < Math.fround(channel.min) || single > Math.fround(channel.max)) return { wrong: "range" };
  return { value: Math.min(channel.max, Math.max(channel.min, wanted.value)) };
}

/** Whether a channel is either on or off. */
export const isOnOff = ({ kind, unit, min, max }: Pick<HubChannel, "kind" | "unit" | "min" | "max">): boolean =>
  kind === "digital-out" || kind === "digital-in" || (unit === "" && min === 0 && max === 1);

const isSwitched = (channel: Ranged): boolean => channel.kind === "led" || isOnOff(channel);

/** Boards say units in UCUM (docs/link.md); people read degrees. */
export const unitShown = (unit: string): string => (unit === "Cel" ? "°C" : unit === "deg" ? "°" : unit);

/** `0 … 100 %` */
export const rangeShown = (channel: Pick<HubChannel, "unit" | "min" | "max" | "step">): string =>
  `${valueShown(channel.min, { ...channel, unit: "" })} … ${valueShown(channel.max, channel)}`;

/** As many decimals as mean something. */
export function valueShown(value: number, { step, unit }: Pick<HubChannel, "step" | "unit">): string {
  const decimals = step > 0 ? Math.min(3, Math.max(0, Math.ceil(-Math.log10(step) - 1e-6))) : 3;
  return `${Number(value.toFixed(decimals))}${unit ? ` ${unitShown(unit)}` : ""}`;
}
