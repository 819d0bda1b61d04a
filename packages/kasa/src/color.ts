/** Colours as people write them, in the terms that lights take. */
import { SkeinError } from "@skein/kit";
import { colord, extend, type AnyColor } from "colord";
import namesPlugin from "colord/plugins/names";

extend([namesPlugin]);

export interface LightColor {
  /** 0-360 degrees. */
  readonly hue: number;
  /** 0-100 %. */
  readonly saturation: number;
  /** 0-100 %: a dark colour is a dim light. */
  readonly brightness: number;
}

/**
 * A CSS colour: a name (`orange`), `#rgb`, `#rrggbb`, `rgb(...)`, `hsl(...)`; `[r, g, b]`, `{r, g, b}`, `{h, s, v}` and the like.
 * @throws SkeinError COLOR_UNKNOWN
 */
export function parseColor(input: unknown): LightColor {
  const color = colord(Array.isArray(input) ? rgbOf(input) : (input as AnyColor));
  if (!color.isValid())
    throw new SkeinError(
      "COLOR_UNKNOWN",
      `"${typeof input === "string" ? input : JSON.stringify(input)}" is no colour.`,
      {
        hint: 'Write a CSS colour such as "orange" or "#ff8000", or [255, 128, 0].',
      },
    );
  const { h, s, v } = color.toHsv();
  return { hue: Math.round(h), saturation: Math.round(s), brightness: Math.round(v) };
}

const rgbOf = ([r, g, b]: readonly unknown[]): AnyColor => ({ r: Number(r), g: Number(g), b: Number(b) });
