import { language } from "./language";

/** Figures and times as the page's language writes them. Formatters are costly to make, so each is made once. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
function once<F extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => F): F {
  const known = made.get(key) as F | undefined;
  const formatter = known ?? make();
  if (!known) made.set(key, formatter);
  return formatter;
}

/** The browser's own region where it speaks our language (en-GB writes other dates than en-US), else the language alone. */
const locale = (): string =>
  (navigator.languages ?? []).find((tag) => tag.slice(0, 2).toLowerCase() === language.value) ?? language.value;

/** 1.4 -> "1.4" or "1,4": always with so many digits after the point. */
export const fixed = (value: number, digits: number): string =>
  once(
    `fixed ${language.value} ${digits}`,
    () =>
      new Intl.NumberFormat(language.value, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        useGrouping: false,
      }),
  ).format(value);

/** A moment, ms: "25 Nov 2026, 14:03". */
export const dateTime = (at: number): string =>
  once(
    `moment ${locale()}`,
    () => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }),
  ).format(at);

/** A day, ms: "25 Nov 2026". */
export const day = (at: number): string =>
  once(`day ${locale()}`, () => new Intl.DateTimeFormat(locale(), { dateStyle: "medium" })).format(at);

/** A moment of a day, ms: "14:03:07". */
export const timeOfDay = (at: number): string =>
  once(`time ${locale()}`, () => new Intl.DateTimeFormat(locale(), { timeStyle: "medium" })).format(at);

/** A day as a heading, ms: "Wednesday, 25 November 2026". */
export const wholeDay = (at: number): string =>
  once(`whole day ${locale()}`, () => new Intl.DateTimeFormat(locale(), { dateStyle: "full" })).format(at);

/** A moment of a day on an axis, ms: "14:03". */
export const hourAndMinute = (at: number): string =>
  once(`hour ${locale()}`, () => new Intl.DateTimeFormat(locale(), { timeStyle: "short" })).format(at);

/** A day on an axis, ms: "25 Nov". */
export const dayOfMonth = (at: number): string =>
  once(`day of month ${locale()}`, () => new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short" })).format(
    at,
  );
