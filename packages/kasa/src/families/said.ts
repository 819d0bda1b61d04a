/** What both families' devices say, brought into our model's ranges: whatever stands on the LAN, nothing larger or stranger comes in. */
import { z } from "zod";

const within = (min: number, max: number) =>
  z.number().transform((value) => Math.min(Math.max(Math.round(value), min), max));

/** %; some firmware says 0 of a light that is off. */
export const brightness = within(1, 100);
/** Degrees. */
export const hue = within(0, 360);
/** %. */
export const saturation = within(0, 100);
/** K; 0 in colour. */
export const kelvin = z
  .number()
  .transform((value) => (value <= 0 ? 0 : Math.min(Math.max(Math.round(value), 1000), 20_000)));

const MOST_CHARACTERS = 64;
export const shortened = (text: string): string => text.slice(0, MOST_CHARACTERS);
/** A name, a model, a version: cut rather than refused, since a light with a long name is one all the same. */
export const words = z.string().transform(shortened);
