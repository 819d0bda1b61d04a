/** The house's directory: made, proven to be writable, and one house's for ever: a real one's or a demo's. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  rmdirSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SkeinError, hasCode, isDiskFull, messageOf, writeAtomically } from "@skein/kit";

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
    for (const sub of ["run", "logs", "secrets", "core", "core/login-links", "flows", "palette"])
      makeDir(join(dir, sub));
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
      hint: whatToDo(dir, error),
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

/** After the directory's name. */
export function whyUnusable(error: unknown): string {
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

type HouseKind = "house" | "demo";

/**
 * Marks a new directory as this house's, under its lock. A demo's owner breaks things for fun and throws them away: neither shall
 * happen to a real house because SKEIN_DATA_DIR was still set.
 * @throws SkeinError DATA_DIR_OTHER_HOUSE, DATA_DIR_UNUSABLE
 */
export function claimDataDir(dir: string, demo: boolean): void {
  const mine: HouseKind = demo ? "demo" : "house";
  const marked = kindOf(dir);
  if (marked !== undefined && marked !== mine)
    throw new SkeinError(
      "DATA_DIR_OTHER_HOUSE",
      demo
        ? `the data directory ${dir} is a real house's, and a demo works in one of its own only.`
        : `the data directory ${dir} is a demo's, and a real house works in one of its own only.`,
      { hint: "Leave out --data-dir and SKEIN_DATA_DIR, or name another one." },
    );
  try {
    writeAtomically(markOf(dir), `${mine}\n`);
  } catch (error) {
    throw new SkeinError("DATA_DIR_UNUSABLE", `the data directory ${dir} ${whyUnusable(error)}.`, { cause: error });
  }
}

const markOf = (dir: string) => join(dir, "kind");
/** What a house has before it was marked: one that an import or a first bus user has begun, or that is older than the mark. */
const BEGUN = ["core/epoch", "flows/flows.json", "secrets/bus-users.json"];

/** Another directory is no help to whoever has a house in this one: it would be an empty second one. */
function whatToDo(dir: string, error: unknown): string {
  if (!isBegun(dir)) return "Name another one with --data-dir.";
  const remedy = isDiskFull(error) ? "Make room there, in backups/ to begin with" : "Mend that";
  return `${remedy}: your house is in it, and with another --data-dir an empty one would begin.`;
}

function isBegun(dir: string): boolean {
  try {
    return kindOf(dir) !== undefined;
  } catch {
    // It is there, and may not be read.
    return true;
  }
}

/** Undefined: nobody has lived there yet. */
export function kindOf(dir: string): HouseKind | undefined {
  const text = existsSync(markOf(dir)) ? readFileSync(markOf(dir), "utf8").trim() : "";
  if (text === "house" || text === "demo") return text;
  if (existsSync(join(dir, "virtual-home"))) return "demo";
  return BEGUN.some((file) => existsSync(join(dir, file))) ? "house" : undefined;
}
