/** How a light looks, as CSS and as words. */
import type { DeviceChange, DeviceView, LightStateView } from "@skein/contracts";

/** Warm to cold white on the page; the numbers of a black body look wrong beside a page's own white. */
const WHITES: readonly (readonly [kelvin: number, css: string])[] = [
  [2500, "#ffb46b"],
  [3500, "#ffd6aa"],
  [5000, "#fff3e0"],
  [6500, "#eef3ff"],
  [9000, "#cfdcff"],
];

/** How a light stands, or is to stand in a scene. */
export type Look = Omit<LightStateView, "effect"> & Pick<DeviceChange, "effect">;

/** What hangs on one is switched with it, a fridge as well as a lamp. */
export const isPlug = (kind: DeviceView["kind"]): boolean => kind === "plug" || kind === "outlet";

export function cssOf({ on, hue, saturation, kelvin, effect }: Look): string {
  if (!on) return "transparent";
  if (typeof effect === "string") return "conic-gradient(#f55, #fd5, #5d8, #59f, #c5f, #f55)";
  if (hue !== undefined) return `hsl(${hue} ${saturation ?? 100}% ${100 - (saturation ?? 100) / 2}%)`;
  return (WHITES.find(([most]) => (kelvin ?? 2700) <= most) ?? WHITES[WHITES.length - 1])?.[1] ?? "#ffd6aa";
}

export const canBeReached = ({ diagnosis }: DeviceView): boolean => diagnosis.condition === "ok";
