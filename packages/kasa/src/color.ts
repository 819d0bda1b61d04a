/** Colours as people write them, in the terms that lights take. */
import { inspect } from "node:util";
import { SkeinError } from "@skein/kit";
import { colord, extend, type AnyColor } from "colord";
import namesPlugin from "colord/plugins/names";
import { z } from "zod";

extend([namesPlugin]);

export interface LightColor {
  /** 0-360 degrees. */
  readonly hue: number;
  /** 0-100 %. */
  readonly saturation: number;
  /** 0-100 %: a dark colour is a dim light. */
  readonly brightness: number;
}

/** colord takes what is no number for 0: `[1, 2]` would be nearly black. */
const written = z.union([
  z.string().max(100),
  z.tuple([z.number(), z.number(), z.number()]).transform(([r, g, b]) => ({ r, g, b })),
  z.record(z.string().max(20), z.number()),
]);

/**
 * A CSS colour: a name (`orange`), `#rgb`, `#rrggbb`, `rgb(...)`, `hsl(...)`; `[r, g, b]`, `{r, g, b}`, `{h, s, v}` and the like.
 * @throws SkeinError COLOR_UNKNOWN
 */
export function parseColor(input: unknown): LightColor {
  const read = written.safeParse(input);
  const color = read.success ? colord(read.data as AnyColor) : undefined;
  if (!color?.isValid())
    throw new SkeinError("COLOR_UNKNOWN", `${inspect(input, { depth: 1 }).slice(0, 100)} is no colour.`, {
      hint: 'Write a CSS colour such as "orange" or "#ff8000", or [255, 128, 0].',
    });
  const { h, s, v } = color.toHsv();
  return { hue: Math.round(h), saturation: Math.round(s), brightness: Math.round(v) };
}
