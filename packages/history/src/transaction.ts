import type { DatabaseSync } from "node:sqlite";

/** All of `work`, or nothing of it. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors (a full disk): then there is nothing to roll back.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
