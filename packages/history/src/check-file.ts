/** The file of a house that does not run: whether it is whole, and a copy of it. Both read it, and change nothing. */
import { existsSync } from "node:fs";
import { backup, DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { failureOf, type Failure } from "./failure";
import { findDamage } from "./open-file";

/** Reads the whole file: some seconds a gigabyte. @returns what is wrong with it, undefined when nothing is */
export function checkHistoryFile(file: string): Failure | undefined {
  try {
    const db = openToRead(file);
    try {
      const damage = findDamage(db);
      return damage === undefined ? undefined : { code: "HISTORY_CORRUPT", message: `${file} is damaged (${damage}).` };
    } finally {
      db.close();
    }
  } catch (error) {
    return failureOf(error, file);
  }
}

/** With what a leader that was killed left in the log beside it. @throws what SQLite throws */
export async function copyHistoryFile(file: string, to: string): Promise<void> {
  const db = openToRead(file);
  try {
    await backup(db, to);
  } finally {
    db.close();
  }
}

function openToRead(file: string): DatabaseSync {
  const url = pathToFileURL(file);
  // A reader of a WAL database leaves -wal and -shm behind; who calls it immutable does not. After a kill they are there, and needed
  // (sqlite.org/wal.html, "Read-Only Databases").
  if (!existsSync(`${file}-wal`)) url.searchParams.set("immutable", "1");
  return new DatabaseSync(url, { readOnly: true });
}
