import * as fs from "node:fs";
import { promisify } from "node:util";

// Not node:fs/promises: that loads streams, watchers and readline, which cost an agent more than it reads.
const readFile = promisify(fs.readFile);
const readdir = promisify(fs.readdir);

/**
 * Filters for what hosts and libraries say when they do not know: null, undefined, NaN, -1, an empty string, a file that is not
 * there. All of them become `undefined`, and undefined is left out of a message.
 */

/** A figure that can be, else undefined. */
export function known(value: number | null | undefined, min = 0, max = Number.MAX_SAFE_INTEGER): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= min && value <= max ? value : undefined;
}

/** A figure where zero means that the thing is not there (total memory, total swap). */
export const positive = (value: number | null | undefined): number | undefined => known(value, Number.MIN_VALUE);

/** One decimal is all that anybody reads, and it keeps messages short. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;

/** The text of a file of /proc or /sys, trimmed; undefined when it is missing, empty, or its driver answers with an error. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, "utf8")).trim();
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A whole number in a file of /sys. */
export async function numberIn(path: string): Promise<number | undefined> {
  const text = await textOf(path);
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** The names in a directory that match, sorted as people count (2 before 10); none when it is not there. */
export async function namesIn(directory: string, pattern: RegExp): Promise<string[]> {
  try {
    const names = await readdir(directory);
    return names.filter((name) => pattern.test(name)).toSorted((a, b) => numberOf(a) - numberOf(b));
  } catch {
    return [];
  }
}

/** Not localeCompare: the first use of it brings ICU's tables into memory. */
const numberOf = (name: string): number => Number(/\d+/.exec(name)?.[0] ?? 0);
