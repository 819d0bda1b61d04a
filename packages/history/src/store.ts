/** The file and its tables as one thing: batches in, answers out. All of it is synchronous; the worker gives it a thread. */
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { backup, DatabaseSync } from "node:sqlite";
import { EventTable } from "./events";
import { failureOf } from "./failure";
import { JournalTable } from "./journal";
import type { Retention } from "./limits";
import { BUSY_MS, openFile, putAside, removeAside, takeBack } from "./open-file";
import type { Asked, Answer, Batch, FileState, Opened, ResidentAnswer, ResidentDataQuestion } from "./protocol";
import { Caretaker, fileBytes, holdFileLimit, type Tables } from "./retention";
import { readCounter } from "./schema";
import { SeriesTables } from "./series";
import { inTransaction } from "./transaction";
import { VerdictTable } from "./verdicts";

/** A resident's newest items that are shown. */
const ITEMS = 200;
/** Damaged files that are kept for whoever wants to look into them; older ones go. */
const KEPT_ASIDE = 3;
/** Pages that a backup copies at once: 4 MiB, some ms. */
const BACKUP_PAGES = 1024;

export class Store {
  private readonly tables: Tables;
  private readonly caretaker: Caretaker;

  private constructor(
    private readonly file: string,
    private readonly db: DatabaseSync,
    private readonly retention: Retention,
    now: number,
  ) {
    this.tables = {
      db,
      journal: new JournalTable(db, retention.journalBytes),
      events: new EventTable(db),
      series: new SeriesTables(db, now),
      verdicts: new VerdictTable(db),
    };
    this.caretaker = new Caretaker(this.tables, retention);
  }

  /**
   * Opens the file, or makes it. A damaged one is put aside first, and numbers go on above what it had; where that cannot be read, above
   * the time in ms, which is more than were ever given out.
   * @throws SkeinError HISTORY_TOO_NEW; else what SQLite and node:fs throw
   */
  static open(file: string, retention: Retention, now: number, damaged = false): { store: Store; opened: Opened } {
    if (!damaged)
      try {
        const store = Store.on(file, retention, now);
        return { store, opened: store.opened() };
      } catch (error) {
        if (failureOf(error, file).code !== "HISTORY_CORRUPT") throw error;
      }
    const counters = salvageCounters(file, now);
    const aside = putAside(file, now);
    try {
      const store = Store.on(file, retention, now, counters);
      removeAside(file, KEPT_ASIDE);
      return { store, opened: { ...store.opened(), putAside: aside } };
    } catch (error) {
      // Its numbers would be forgotten, and the next attempt would put half a file aside.
      takeBack(file, aside);
      throw error;
    }
  }

  private static on(file: string, retention: Retention, now: number, counters: Record<string, number> = {}): Store {
    const db = openFile(file);
    try {
      inTransaction(db, () => {
        const insert = db.prepare("INSERT INTO counter (name, value) VALUES (?, ?)");
        for (const [name, value] of Object.entries(counters)) insert.run(name, value);
      });
      return new Store(file, db, retention, now);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** One transaction: all of it is on the disk when this returns, or nothing when it throws. */
  write({ now, block, events, samples, verdicts }: Batch): FileState {
    const { journal, series, db } = this.tables;
    this.guarded(() => {
      const logged = inTransaction(db, () => {
        if (block) journal.add(block);
        if (events && events.length > 0) this.tables.events.add(events);
        if (verdicts && verdicts.length > 0) this.tables.verdicts.add(verdicts);
        const doubles = samples && samples.values.length > 0 ? series.log(samples) : undefined;
        holdFileLimit(this.tables, this.retention.fileBytes);
        return doubles;
      });
      if (logged) series.apply(logged, now);
    });
    return this.state();
  }

  maintain = ({ now, monotonicMs }: Asked<"maintain">): boolean =>
    this.guarded(() => this.caretaker.slice(now, monotonicMs));
  journalPage = (after: number): Answer<"journalPage"> => this.tables.journal.page(after);
  journalSeqAt = (at: number): number | undefined => this.tables.journal.seqAt(at);
  events = ({ query, mayAudit }: Asked<"events">): Answer<"events"> => this.tables.events.list(query, mayAudit);
  series = (question: Asked<"series">): Answer<"series"> => this.tables.series.query(question);
  verdicts = ({ follower, from, to }: Asked<"verdicts">): Answer<"verdicts"> =>
    this.tables.verdicts.history(follower, from, to);

  residentData({ id, actors, mayAudit }: ResidentDataQuestion): ResidentAnswer {
    const journal = this.tables.journal.about({ id, actors }, ITEMS);
    const events = this.tables.events.about({ id, actors }, ITEMS, mayAudit);
    const series = this.tables.series.about(`resident:${id}`);
    const items = [
      ...journal.newest.map((item) => ({ ...item, where: "journal" })),
      ...events.newest.map((item) => ({ ...item, where: "events" })),
      ...series.map((what) => ({ at: 0, where: "series", what })),
    ];
    return {
      kept: { journal: journal.count, events: events.count, series: series.length },
      items: items.toSorted((a, b) => b.at - a.at).slice(0, ITEMS),
    };
  }

  forgetResident({ before, ...resident }: Asked<"forgetResident">): Answer<"forgetResident"> {
    const { db, journal, events, series } = this.tables;
    series.save();
    // Nobody can look for one person's traces in a damaged file.
    removeAside(this.file);
    return this.guarded(() =>
      inTransaction(db, () => {
        const rows = journal.forget(resident, before);
        const kept = {
          journal: rows.count,
          events: events.forget(resident),
          series: series.forget(`resident:${resident.id}`),
        };
        return { kept, before: rows.before };
      }),
    );
  }

  /** Moves the write-ahead log into the file and cuts it to nothing. @returns false when a reader stood in the way: ask again later */
  scrub(): boolean {
    // SQLite would wait here for the reader, and everything that comes in with it.
    this.db.exec("PRAGMA busy_timeout = 0");
    try {
      return (this.db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number }).busy === 0;
    } finally {
      this.db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    }
  }

  /**
   * Copies the file as it is now; `file` is the whole copy or is not touched. The worker goes on writing meanwhile, which is why the copy
   * is read through a connection of its own that holds one state of the file: on the worker's own, SQLite refuses a step of the copy
   * that falls into a transaction (sqlite.org/c3ref/backup_finish.html), and Node then says "not an error".
   */
  async backup(file: string): Promise<{ bytes: number }> {
    const aside = `${file}.next`;
    rmSync(aside, { force: true });
    const reader = new DatabaseSync(this.file, { readOnly: true, timeout: BUSY_MS });
    try {
      reader.exec("BEGIN; SELECT 1 FROM sqlite_schema");
      await backup(reader, aside, { rate: BACKUP_PAGES });
      chmodSync(aside, 0o600);
      syncFile(aside);
      renameSync(aside, file);
    } finally {
      reader.close();
      rmSync(aside, { force: true });
    }
    return { bytes: statSync(file).size };
  }

  close(): void {
    try {
      this.tables.series.save();
    } finally {
      this.db.close();
    }
  }

  /** Lets go of the file as it is; samples in its log are found again when it is opened. */
  abandon = (): void => this.db.close();

  /** What tables count in memory is counted anew when a transaction failed: the file has gone back, and they have not. */
  private guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      try {
        this.tables.journal.measure();
        this.tables.series.measure();
      } catch {
        // The file is the worse for it; why is what the first error says.
      }
      throw error;
    }
  }

  private state = (): FileState => ({
    fileBytes: fileBytes(this.db),
    journalBytes: this.tables.journal.bytes(),
    firstSeq: this.tables.journal.firstSeq(),
  });
  private opened = (): Opened => ({
    ...this.state(),
    lastSeq: this.tables.journal.lastSeq(),
    lastEvent: this.tables.events.lastId(),
  });
}

function syncFile(file: string): void {
  const handle = openSync(file, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function salvageCounters(file: string, now: number): { seq: number; event: number } {
  try {
    const db = openFile(file);
    try {
      return { seq: readCounter(db, "seq"), event: readCounter(db, "event") };
    } finally {
      db.close();
    }
  } catch {
    return { seq: now, event: now };
  }
}
