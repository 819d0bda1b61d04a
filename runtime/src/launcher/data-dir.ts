/** The house's directory: made, proven to be writable, and held by one leader at a time. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SkeinError, hasCode, messageOf } from "@skein/kit";

/** More than the small files of a start need, so that a disk that is nearly full is found now. Bytes. */
const PROBE_BYTES = 256 * 1024;

/**
 * Makes the directory with what stands in it and proves by writing that it can be written.
 * @throws SkeinError DATA_DIR_UNUSABLE
 */
export function prepareDataDir(dataDir: string): string {
  const dir = resolve(dataDir);
  const probe = join(dir, `.probe-${process.pid}`);
  try {
    checkParent(dir);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const sub of ["run", "logs", "secrets", "core", "flows", "palette"]) makeDir(join(dir, sub));
    const file = openSync(probe, "w", 0o600);
    try {
      // A full disk may write a part and say so only by the count.
      const wanted = Buffer.alloc(PROBE_BYTES, 1);
      if (writeSync(file, wanted) < wanted.length)
        throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return dir;
  } catch (error) {
    throw new SkeinError("DATA_DIR_UNUSABLE", `the data directory ${dir} ${whyUnusable(error)}.`, {
      hint: "Name another one with --data-dir.",
      cause: error,
    });
  } finally {
    try {
      rmSync(probe, { force: true });
    } catch {
      // Read-only: then there is none.
    }
  }
}

/**
 * What is there of the way to it must be a folder that can be written. Node's recursive mkdir goes round for ever where one
 * level says ENOENT although its parent is there, as /proc does.
 */
function checkParent(dir: string): void {
  let nearest = dir;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  if (!statSync(nearest).isDirectory()) throw Object.assign(new Error(`${nearest} is a file`), { code: "ENOTDIR" });
  // Tried and not asked: for root access(2) says yes to everything.
  if (nearest !== dir) {
    const probe = join(nearest, `.probe-${process.pid}`);
    mkdirSync(probe, { mode: 0o700 });
    rmdirSync(probe);
  }
}

/** Not `recursive`: that says ENOENT on a read-only file system. */
function makeDir(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

function whyUnusable(error: unknown): string {
  switch (hasCode(error) ? error.code : "") {
    case "ENOSPC":
    case "EDQUOT":
      return "is on a disk that is full";
    case "EROFS":
      return "is on a read-only file system";
    case "EACCES":
    case "EPERM":
      return "cannot be written by this user";
    case "ENOTDIR":
    case "EEXIST":
      return "is not a directory";
    case "ENOENT":
      return "lies where no directory can be made";
    default:
      return `cannot be used: ${messageOf(error)}`;
  }
}

interface Holder {
  readonly pid: number;
  /** When that process was started, in ticks since boot: a number that is not used again with the pid. */
  readonly startedAt: string;
}

/**
 * One leader a directory. The returned function gives it back. A lock whose process is gone is taken over.
 * @throws SkeinError DATA_DIR_IN_USE
 */
export function lockDataDir(dir: string): () => void {
  const file = lockFile(dir);
  const mine: Holder = { pid: process.pid, startedAt: startOf(process.pid) ?? "" };
  for (let attempt = 0; ; attempt++) {
    try {
      place(file, JSON.stringify(mine));
      return () => {
        if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
      };
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
      const pid = leaderOf(dir);
      if (pid !== undefined || attempt > 5) {
        throw new SkeinError(
          "DATA_DIR_IN_USE",
          `another leader (process ${pid ?? "unknown"}) already works in ${dir}.`,
          {
            hint: "Stop that one, or give this one its own with --data-dir.",
          },
        );
      }
      rmSync(file, { force: true });
    }
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

/** The process id of the leader that works in this directory now, if one does. */
export function leaderOf(dir: string): number | undefined {
  const holder = readHolder(lockFile(dir));
  return holder && startOf(holder.pid) === holder.startedAt ? holder.pid : undefined;
}

const lockFile = (dir: string) => join(dir, "run", "leader.lock");

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
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
