/**
 * Some room in the data directory that is held back for the day on which the disk is full. A broker that cannot write does not start and
 * loses whoever connects anew: the room is given up when the launcher or one of its parts has ended for it, so that the house comes back
 * once and somebody can come in and make more.
 */
import { randomBytes } from "node:crypto";
import { existsSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDiskFull } from "@skein/kit";

const RESERVE_BYTES = 8 * 1024 ** 2;
/** Held back only where that leaves plenty. */
const ENOUGH_BYTES = 4 * RESERVE_BYTES;
/** With less than this a part may not start. */
const FULL_BYTES = 2 * 1024 ** 2;

export const GIVEN_UP =
  "the disk is full: the little room that was held back for this is given up now; make more, in backups/ to begin with";

const fileIn = (dataDir: string): string => join(dataDir, "reserve");
const freeBytes = (dataDir: string): number => {
  const { bavail, bsize } = statfsSync(dataDir);
  return bavail * bsize;
};

/** Tried where room is shown: the end of a quota is not seen in what a file system says of itself. */
function isFullNow(dataDir: string): boolean {
  if (freeBytes(dataDir) < FULL_BYTES) return true;
  const probe = `${fileIn(dataDir)}.probe`;
  try {
    writeFileSync(probe, randomBytes(FULL_BYTES), { mode: 0o600 });
    return false;
  } catch (error) {
    return isDiskFull(error);
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Holds it back when that has not been done; never throws. */
export function keepReserve(dataDir: string): void {
  try {
    if (existsSync(fileIn(dataDir)) || freeBytes(dataDir) < ENOUGH_BYTES) return;
    // Not zeros: a file system may keep those in no room at all.
    writeFileSync(fileIn(dataDir), randomBytes(RESERVE_BYTES), { mode: 0o600 });
  } catch {
    giveUpReserve(dataDir, true);
  }
}

/** Gives it up when the disk is full. @returns whether there is room again by that; never throws */
export function giveUpReserve(dataDir: string, isFull?: boolean): boolean {
  try {
    if (!existsSync(fileIn(dataDir)) || !(isFull ?? isFullNow(dataDir))) return false;
    rmSync(fileIn(dataDir));
    return true;
  } catch {
    return false;
  }
}
