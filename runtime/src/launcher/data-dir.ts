/** The house's directory: made, and proven to be writable. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync, rmdirSync, statSync, writeSync } from "node:fs";
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
