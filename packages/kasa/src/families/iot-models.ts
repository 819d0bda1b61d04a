/** What the older devices do not say of themselves: the whites that a model can make, K (the maker's data sheets). */
import type { Span } from "../model";

const KELVIN: readonly (readonly [RegExp, Span])[] = [
  [/^(LB130|LB230|KB130|KL130|KL135|KL400|KL420|KL430)/, { min: 2500, max: 9000 }],
  [/^KL125/, { min: 2500, max: 6500 }],
  [/^(LB120|KL120\(EU\))/, { min: 2700, max: 6500 }],
  [/^KL120/, { min: 2700, max: 5000 }],
];

/** An unknown model gets the range that every tunable bulb has. */
export const kelvinOf = (model: string): Span =>
  KELVIN.find(([pattern]) => pattern.test(model))?.[1] ?? { min: 2700, max: 5000 };
