/**
 * The term of the leader's lease. There is one leader today, so the lease is a counter on disk that only grows: what an
 * earlier run of core wrote or asked for can be told from what this one does.
 */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { SkeinError, isDiskFull, messageOf, writeAtomically } from "@skein/kit";
import { readIfThere } from "./read-if-there";

/** The last one that was granted. @throws SkeinError EPOCH_UNREADABLE when the file holds no number: guessing one could let an old command through */
export function readEpoch(file: string): number {
  const text = readIfThere(file);
  const last = text === undefined ? 0 : Number(text.trim());
  if (text?.trim() === "" || !Number.isSafeInteger(last) || last < 0) {
    throw new SkeinError("EPOCH_UNREADABLE", `${file} holds no number.`, {
      hint: "Write into it a number larger than any epoch so far, such as the time in seconds.",
    });
  }
  return last;
}

/** @throws SkeinError EPOCH_UNREADABLE, DATA_DIR_UNUSABLE */
export function nextEpoch(file: string): number {
  const last = readEpoch(file);
  try {
    write(file, `${last + 1}\n`);
  } catch (error) {
    throw new SkeinError("DATA_DIR_UNUSABLE", `cannot write ${file}: ${messageOf(error)}.`, { cause: error });
  }
  return last + 1;
}

/** A full disk takes no new file, but lets an old one be written over: a core that has died comes back there too. */
function write(file: string, text: string): void {
  try {
    return writeAtomically(file, text);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
  const handle = openSync(file, "r+");
  try {
    writeSync(handle, text, 0);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
