/** Opening the file: rights, pragmas, migrations; and putting a damaged one aside, so that the house goes on with a new one. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrate, refuseNewer } from "./schema";

/** A process that ends, or a reader that begins, holds the file for a moment. */
export const BUSY_MS = 5_000;

/** @throws SkeinError HISTORY_TOO_NEW; else what SQLite and node:fs throw (failure.ts) */
export function openFile(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    refuseNewer(db, file);
    // What people do and say lies in it. The files beside it (-wal, -shm) take its rights.
    chmodSync(file, 0o600);
    // Before the first table, or never: what is deleted is given back in small steps.
    db.exec("PRAGMA auto_vacuum = INCREMENTAL");
    db.exec("PRAGMA journal_mode = WAL");
    // A commit is on the disk when it returns.
    db.exec("PRAGMA synchronous = FULL");
    // What is deleted is overwritten, so that it is not found in the file's free pages.
    db.exec("PRAGMA secure_delete = ON");
    db.exec("PRAGMA journal_size_limit = 16777216");
    db.exec("PRAGMA cache_size = -16000");
    db.exec("PRAGMA temp_store = MEMORY");
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The first thing that is wrong with the file, or undefined. `full` reads every index too, which takes several times as long. */
export function findDamage(db: DatabaseSync, full = false): string | undefined {
  const rows = db.prepare(full ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)").all();
  const said = Object.values(rows[0] ?? {})[0];
  return said === "ok" ? undefined : String(said);
}

/** Renames the file, and what lies beside it, to `<file>.damaged-<time>`. @returns that name */
export function putAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs)
    .toISOString()
    .replaceAll(/[-:]/g, "")
    .replace(/\.\d+Z$/, "Z");
  let aside = `${file}.damaged-${stamp}`;
  for (let n = 2; existsSync(aside); n++) aside = `${file}.damaged-${stamp}-${n}`;
  for (const suffix of ["", "-wal"]) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  rmSync(`${file}-shm`, { force: true });
  return aside;
}

/** Undoes `putAside`, when no new file could be made. */
export function takeBack(file: string, aside: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
  for (const suffix of ["", "-wal"]) if (existsSync(aside + suffix)) renameSync(aside + suffix, file + suffix);
}

/** Removes files that were put aside, but for the newest. */
export function removeAside(file: string, keep = 0): void {
  const all = readdirSync(dirname(file))
    .filter((name) => name.startsWith(`${basename(file)}.damaged-`) && !name.endsWith("-wal") && !name.endsWith("-shm"))
    .toSorted();
  for (const old of all.slice(0, all.length - keep))
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(dirname(file), old + suffix), { force: true });
}
