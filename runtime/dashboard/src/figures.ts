/** Figures as the page writes them. */
import type { VerdictState } from "@skein/contracts";
import { fixed } from "./i18n/format";
import { verdictList } from "./words";

/** 12.4 -> "12 %", 0.4 -> "0.4 %": below ten the tenth says something. */
export const percentOf = (percent: number): string => `${percent < 9.95 ? fixed(percent, 1) : Math.round(percent)} %`;

/** Bytes in binary units, as people say a board's memory; in the unit of `like`, and then without naming it. */
export function bytesOf(bytes: number, like?: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, like ?? bytes)) / 10)));
  const value = bytes / 1024 ** step;
  // Below ten the tenth says something.
  const tenths = step >= 3 || (step >= 1 && value < 9.95 && like === undefined);
  const text = tenths ? fixed(value, 1) : Math.round(value).toString();
  return like === undefined ? `${text} ${units[step] ?? ""}` : text;
}

/** Every state but alive, worst first. */
const OTHERS: readonly VerdictState[] = ["dead", "suspect", "unknown", "left", "maintenance", "joining"];

/** "8 of 8 alive", and then how many of each other state, worst first. */
export function tally(states: readonly VerdictState[]): string {
  const words = verdictList();
  if (states.length === 0) return words.noFollower;
  const count = (state: VerdictState) => states.filter((each) => each === state).length;
  return [
    words.alive(count("alive"), states.length),
    ...OTHERS.filter((state) => count(state) > 0).map((state) => `${count(state)} ${words.states[state]}`),
  ].join(" · ");
}
