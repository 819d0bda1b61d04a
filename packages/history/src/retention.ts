/** Looking after the file in small steps: what is too old or too much goes, small blocks are put together, room is given back. Worker side. */
import type { DatabaseSync } from "node:sqlite";
import { ageOn, isSet } from "./age-clock";
import type { EventTable } from "./events";
import type { JournalTable } from "./journal";
import type { Retention } from "./limits";
import { LEVELS } from "./rollup";
import { readCounter, setCounter } from "./schema";
import type { SeriesTables } from "./series";
import { inTransaction } from "./transaction";
import type { VerdictTable } from "./verdicts";

/** Free pages that stay in the file for what comes next, and how many are given back in one step. */
const KEPT_FREE_PAGES = 256;
const STEP_PAGES = 512;
/** Samples in the log, or time since they were last written into blocks, after which that is done. */
const LOGGED_SAMPLES = 100_000;
const SAVE_EVERY_MS = 5 * 60_000;
/** By age nothing goes more often. */
const AGE_EVERY_MS = 60_000;

export interface Tables {
  readonly db: DatabaseSync;
  readonly journal: JournalTable;
  readonly events: EventTable;
  readonly series: SeriesTables;
  readonly verdicts: VerdictTable;
}

/** What is used of the file, bytes: free pages within it are no use. */
export function usedBytes(db: DatabaseSync): number {
  return (pragma(db, "page_count") - pragma(db, "freelist_count")) * pragma(db, "page_size");
}
export const fileBytes = (db: DatabaseSync): number => pragma(db, "page_count") * pragma(db, "page_size");
const pragma = (db: DatabaseSync, name: string): number =>
  Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);

/** In each commit's own transaction, so that the file never grows beyond its limit: the oldest goes as the newest comes. */
export function holdFileLimit({ db, journal, events }: Tables, limit: number): void {
  while (usedBytes(db) > limit && (journal.deleteOldest() || events.deleteOldest())) continue;
}

export class Caretaker {
  private savedAt: number | undefined;
  private agedAt = -Infinity;
  /** The clock of age, and the monotonic time up to which it was told. */
  private age: { at: number; monotonicMs: number } | undefined;
  private mergedTo = 0;

  constructor(
    private readonly tables: Tables,
    private readonly retention: Retention,
  ) {}

  /** One slice of the work, some ten ms. @returns true when there is more to do at once */
  slice(now: number, monotonicMs: number): boolean {
    const { db, series } = this.tables;
    this.savedAt ??= monotonicMs;
    if (series.waiting() > LOGGED_SAMPLES || (series.waiting() > 0 && monotonicMs - this.savedAt >= SAVE_EVERY_MS)) {
      series.save();
      this.savedAt = monotonicMs;
      return true;
    }
    if (monotonicMs - this.agedAt >= AGE_EVERY_MS) {
      if (inTransaction(db, () => this.deleteOld(now, monotonicMs))) return true;
      this.agedAt = monotonicMs;
    }
    const merged = inTransaction(db, () => this.tables.journal.merge(this.mergedTo));
    if (merged !== undefined) {
      this.mergedTo = merged;
      return true;
    }
    return this.giveBack();
  }

  private seriesLevel = 0;
  private seriesAfter: number | undefined = 0;

  /** A step of each table. @returns true when any has more */
  private deleteOld(now: number, monotonicMs: number): boolean {
    const { db, journal, events, series, verdicts } = this.tables;
    const age = this.grow(now, monotonicMs);
    verdicts.deleteOlder(age - this.retention.eventsMs);
    const more =
      journal.deleteOlder(age - this.retention.journalMs, now) ||
      events.deleteOlder(age - this.retention.eventsMs, now) ||
      (events.count() > this.retention.maxEvents && events.deleteOldest(events.count() - this.retention.maxEvents));
    const level = LEVELS[this.seriesLevel];
    if (!level) {
      this.seriesLevel = 0;
      if (this.age) setCounter(db, "aged", Math.round(this.age.at));
      return more;
    }
    this.seriesAfter = series.deleteOlder(level, age - level.keepMs, this.seriesAfter ?? 0);
    if (this.seriesAfter === undefined) {
      this.seriesAfter = 0;
      this.seriesLevel += 1;
    }
    return true;
  }

  /** @returns the time that is now as far as age goes, ms; 0, to which nothing is old, while the clock is not set */
  private grow(now: number, monotonicMs: number): number {
    if (!isSet(now)) return 0;
    // A file that was never looked after has nothing yet that could be too old.
    this.age ??= { at: readCounter(this.tables.db, "aged") || now, monotonicMs };
    this.age = { at: ageOn(this.age.at, now, monotonicMs - this.age.monotonicMs), monotonicMs };
    return Math.min(this.age.at, now);
  }

  /** Gives free pages at the file's end back to the file system. */
  private giveBack(): boolean {
    const { db } = this.tables;
    const free = pragma(db, "freelist_count");
    if (free <= KEPT_FREE_PAGES + STEP_PAGES) return false;
    // The pragma gives a row a page; only stepping to its end gives all of them back.
    db.prepare(`PRAGMA incremental_vacuum(${Math.min(STEP_PAGES, free - KEPT_FREE_PAGES)})`).all();
    return true;
  }
}
