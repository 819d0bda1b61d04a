/**
 * One leader a data directory. Each leader's file bears the number after the last one's, and the highest counts. A file is made
 * whole or not at all, where none is; it is never replaced, and the highest never removed, so no number comes twice. Of two who
 * find the same one left behind only one can follow it: if they removed it, the slower would remove what the faster had put there.
 */
import { linkSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SkeinError, hasCode } from "@skein/kit";

interface Holder {
  readonly pid: number;
  /** When that process was started, in ticks since boot: a number that is not used again with the pid. */
  readonly startedAt: string;
}

const ATTEMPTS = 5;

/** The returned function gives it back. A lock whose process is gone is followed. @throws SkeinError DATA_DIR_IN_USE */
export function lockDataDir(dir: string): () => void {
  for (let attempt = 0; ; attempt++) {
    const last = lastLock(dir);
    const pid = holderOf(dir, last);
    if (pid !== undefined || attempt === ATTEMPTS)
      throw new SkeinError("DATA_DIR_IN_USE", `another leader (process ${pid ?? "unknown"}) already works in ${dir}.`, {
        hint: "Stop that one, or give this one its own with --data-dir.",
      });
    if (followLock(dir, last)) return () => giveBack(fileOf(dir, last + 1));
  }
}

/** The process id of the leader that works in this directory now, if one does. */
export const leaderOf = (dir: string): number | undefined => holderOf(dir, lastLock(dir));

/** The number of the lock that counts; 0: there never was one. */
export const lastLock = (dir: string): number => Math.max(0, ...locksIn(dir));

/** Places the lock after the one that was seen last; false when somebody else has. */
export function followLock(dir: string, last: number): boolean {
  const mine = fileOf(dir, last + 1);
  const holder: Holder = { pid: process.pid, startedAt: startOf(process.pid) ?? "" };
  try {
    place(mine, JSON.stringify(holder));
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    return false;
  }
  // A slow one may come to a place that was left long ago: others have gone past it.
  if (lastLock(dir) > last + 1) {
    rmSync(mine, { force: true });
    return false;
  }
  for (const number of locksIn(dir)) if (number <= last) rmSync(fileOf(dir, number), { force: true });
  return true;
}

/** Emptied and not removed: its number is used up. */
function giveBack(file: string): void {
  try {
    truncateSync(file);
  } catch {
    // The directory itself is gone; and a lock whose process has ended counts for nothing anyhow.
  }
}

const fileOf = (dir: string, number: number) => join(dir, "run", `leader-${number}.lock`);

function locksIn(dir: string): number[] {
  try {
    return readdirSync(join(dir, "run"))
      .map((name) => Number(/^leader-(\d+)\.lock$/.exec(name)?.[1]))
      .filter((number) => number > 0);
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return [];
    throw error;
  }
}

/** Whole or not at all: an empty lock that somebody is about to fill looks like one that was left behind. @throws EEXIST */
function place(file: string, text: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    writeFileSync(aside, text, { mode: 0o600 });
    linkSync(aside, file);
  } catch (error) {
    // A file system without hard links (a memory card's).
    if (!hasCode(error, "EPERM") && !hasCode(error, "ENOTSUP")) throw error;
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  } finally {
    rmSync(aside, { force: true });
  }
}

function holderOf(dir: string, number: number): number | undefined {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(fileOf(dir, number), "utf8")) as Holder;
    return startOf(pid) === startedAt ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may hold spaces and brackets. Undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie is gone, but for its parent.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
