/** The file's tables, version by version. A migration is never changed once it is released: a new one is added. */
import type { DatabaseSync } from "node:sqlite";
import { SkeinError } from "@skein/kit/errors";
import { inTransaction } from "./transaction";

/** Migration n brings a file from version n to n + 1 (`PRAGMA user_version`). */
export const MIGRATIONS: readonly string[] = [
  `
  -- Rows packed together (block.ts); codec 0 as they are, 1 zstd.
  CREATE TABLE journal (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, rows INTEGER NOT NULL, at_min REAL NOT NULL, at_max REAL NOT NULL,
    raw_bytes INTEGER NOT NULL, codec INTEGER NOT NULL, data BLOB NOT NULL
  ) STRICT;
  -- Which blocks have rows about whom.
  CREATE TABLE journal_resident (resident TEXT NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (resident, first)) STRICT, WITHOUT ROWID;
  CREATE INDEX journal_resident_first ON journal_resident (first);

  CREATE TABLE event (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, type TEXT NOT NULL, severity TEXT NOT NULL, audit INTEGER NOT NULL, text TEXT NOT NULL,
    subject_kind TEXT, subject_id TEXT, room TEXT, actor TEXT, address TEXT, data TEXT
  ) STRICT;
  CREATE INDEX event_type ON event (type);
  CREATE INDEX event_subject ON event (subject_kind, subject_id);
  CREATE INDEX event_actor ON event (actor) WHERE actor IS NOT NULL;

  CREATE TABLE series (id INTEGER PRIMARY KEY, subject TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (subject, name)) STRICT;
  -- Samples that are not in a block yet: one row a commit, (series, at, value) as doubles. Emptied whenever blocks are written.
  CREATE TABLE sample_log (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
  -- Buckets packed together (rollup.ts); id = series * 2^24 + number of the block since 1970.
  CREATE TABLE rollup_10s (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
  CREATE TABLE rollup_1min (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
  CREATE TABLE rollup_15min (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;

  CREATE TABLE verdict (id INTEGER PRIMARY KEY, follower TEXT NOT NULL, at REAL NOT NULL, state TEXT NOT NULL, cause TEXT NOT NULL) STRICT;
  CREATE INDEX verdict_follower ON verdict (follower, id);

  -- Numbers that must not be given out twice, also when their rows are gone: seq, event.
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
];

export const versionOf = (db: DatabaseSync): number =>
  (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;

/** @throws SkeinError HISTORY_TOO_NEW when a newer program wrote the file; nothing was touched then. */
export function refuseNewer(db: DatabaseSync, file: string, known = MIGRATIONS.length): void {
  const version = versionOf(db);
  if (version > known)
    throw new SkeinError(
      "HISTORY_TOO_NEW",
      `${file} is of version ${version}; this Skein knows ${known} at most, and leaves it as it is.`,
      { hint: "Start the newer Skein again, or move the file away to begin a new one." },
    );
}

/** Brings the file up to this program's version, a transaction a step. */
export function migrate(db: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  for (let version = versionOf(db); version < migrations.length; version++)
    inTransaction(db, () => {
      db.exec(migrations[version] ?? "");
      db.exec(`PRAGMA user_version = ${version + 1}`);
    });
}

/** The last number of a row and of an event; and how far the clock of age is (age-clock.ts), ms. */
export type CounterName = "seq" | "event" | "aged";

/** 0 at the beginning. */
export const readCounter = (db: DatabaseSync, name: CounterName): number =>
  (db.prepare("SELECT value FROM counter WHERE name = ?").get(name) as { value: number } | undefined)?.value ?? 0;

export const raiseCounter = (db: DatabaseSync, name: CounterName, value: number): void =>
  void db
    .prepare(
      "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
    )
    .run(name, value);

export const setCounter = (db: DatabaseSync, name: CounterName, value: number): void =>
  void db
    .prepare("INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
    .run(name, value);
