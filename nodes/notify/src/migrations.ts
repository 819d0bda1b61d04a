/** What earlier releases saved, in today's form. */
import type { Migration } from "@skein/palette";
import { buttonsIn, byPlace } from "./config";

export const steps: Readonly<Record<number, Migration>> = {
  // `{value: label}`: numbers as values lost their order.
  1: (saved) => ({ ...saved, buttons: byPlace(buttonsIn(saved["buttons"])) }),
};
