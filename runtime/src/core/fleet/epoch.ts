/**
 * The term of the leader's lease. There is one leader today, so the lease is a counter on disk that only grows: what an
 * earlier run of core wrote or asked for can be told from what this one does.
 */
import { SkeinError, messageOf, writeAtomically } from "@skein/kit";
import { readIfThere } from "./read-if-there";

/** @throws SkeinError EPOCH_UNREADABLE when the file holds no number: guessing one could let an old command through */
export function nextEpoch(file: string): number {
  const text = readIfThere(file);
  const last = text === undefined ? 0 : Number(text.trim());
  if (text?.trim() === "" || !Number.isSafeInteger(last) || last < 0) {
    throw new SkeinError("EPOCH_UNREADABLE", `${file} holds no number.`, {
      hint: "Write into it a number larger than any epoch so far, such as the time in seconds.",
    });
  }
  try {
    writeAtomically(file, `${last + 1}\n`);
  } catch (error) {
    throw new SkeinError("DATA_DIR_UNUSABLE", `cannot write ${file}: ${messageOf(error)}.`, { cause: error });
  }
  return last + 1;
}
