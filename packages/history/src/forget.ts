/** Forgetting a resident: what waits, what lies in the file, and what is left of it in the write-ahead log. */
import { SkeinError, sleep } from "@skein/kit";
import { forgotten } from "./events";
import { goneRow, isOf } from "./journal-rows";
import type { Owner } from "./owner";
import type { ResidentQuestion } from "./whose";

/** A reader (the check at the start, a backup) may stand in the way for some seconds a gigabyte. */
const SCRUB_TRIES = 300;
const SCRUB_PAUSE_MS = 200;

/** @returns counts of what went, by where it lay. @throws SkeinError HISTORY_UNAVAILABLE and the like: ask again later */
export async function forgetResident(owner: Owner, resident: ResidentQuestion): Promise<Record<string, number>> {
  const { writer, clock, ask } = owner;
  await writer.drain();
  // What could not be saved yet is forgotten before it is.
  writer.journal.replace((row) => (isOf(row, resident) ? goneRow(row) : row));
  writer.events.replace((event) => forgotten(event, resident));
  writer.samples.keep(({ key }) => key.subject !== `resident:${resident.id}`);
  const kept: Record<string, number> = {};
  let before: number | undefined;
  do {
    const step = await ask("forgetResident", { ...resident, before });
    for (const [where, count] of Object.entries(step.kept)) kept[where] = (kept[where] ?? 0) + count;
    ({ before } = step);
  } while (before !== undefined);
  for (let tries = 0; !(await ask("scrub", undefined)); tries++) {
    if (tries === SCRUB_TRIES)
      throw new SkeinError(
        "HISTORY_UNAVAILABLE",
        "What was deleted is still in the write-ahead log: a reader keeps it there.",
        {
          hint: "Ask again later.",
        },
      );
    await sleep(clock, SCRUB_PAUSE_MS);
  }
  return kept;
}
