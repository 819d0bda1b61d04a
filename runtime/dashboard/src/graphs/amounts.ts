import { bytesOf, percentOf } from "../figures";
import { fixed } from "../i18n/format";
import type { Unit } from "./plans";
import { graphWords } from "./words";

/** A figure with its unit, as the page's language writes it. */
export function amountOf(value: number, unit: Unit): string {
  switch (unit) {
    case "percent":
      return percentOf(value);
    case "celsius":
      return `${fixed(value, 1)} °C`;
    case "bytes":
      return bytesOf(value);
    case "bytesPerS":
      return graphWords().perS(bytesOf(value));
    case "ms":
      return value >= 10_000 ? `${fixed(value / 1000, 0)} s` : `${fixed(value, value < 10 ? 1 : 0)} ms`;
    case "watts":
      return `${fixed(value, value < 100 ? 1 : 0)} W`;
    case "plain":
      return fixed(value, Math.abs(value) < 100 ? 2 : 0);
  }
}
