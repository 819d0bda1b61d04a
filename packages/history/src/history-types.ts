/** What history is to the one who owns it. */
import type { EventsPage, EventsQuery, EventView, NewEvent, SeriesAnswer, VerdictHistory } from "@skein/contracts";
import type { Clock, Logger } from "@skein/kit";
import type { FailureCode } from "./failure";
import type { JournalRow } from "./journal-rows";
import type { Retention, WaitingLimits } from "./limits";
import type { ResidentAnswer, SeriesKey, SeriesQuestion, VerdictChange } from "./protocol";
import type { AccountSpan } from "./whose";

export interface HistoryOptions {
  /** Its folder is made (mode 0700). */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retention?: Partial<Retention>;
  readonly waiting?: Partial<WaitingLimits>;
  /** When its state changes. */
  onHealth?(health: HistoryHealth): void;
  /** How long something waits at most before it is committed, ms. Default 400. */
  readonly commitEveryMs?: number;
  /** How often the file is looked after, ms. Default 5,000. */
  readonly maintainEveryMs?: number;
}

export interface AppendedRow {
  /** Ms; left out: now. */
  readonly at?: number;
  /** Who wrote it: `bus` (what was said on it) or `core` (that it started). */
  readonly source: string;
  readonly topic: string;
  /** A message's kind (`media` is never kept), or `start`. Under pressure `telemetry` is dropped first. */
  readonly kind: string;
  /** Copied: the caller may use it again. */
  readonly payload: Uint8Array;
  /** Ids of the residents whom it is about: it goes when they go. */
  readonly residents?: readonly string[];
  /** Ids of the accounts that it names: it goes with the residents whose they are. */
  readonly accounts?: readonly string[];
}

export interface Journal {
  /** Never blocks and never throws; it is on the disk half a second later. */
  append(row: AppendedRow): void;
  /**
   * Rows in order from the one after `after` (default: the first that is kept) on, up to what is saved now. Rows of kind `gap` and
   * `gone` are history's own (journal-rows.ts): every number is a row, or explained by a gap.
   * @throws SkeinError HISTORY_UNAVAILABLE and the like
   */
  read(query?: { readonly after?: number; readonly limit?: number }): AsyncIterable<JournalRow>;
  /** Number of the first row at or after a time, ms; undefined: none. */
  seqAt(at: number): Promise<number | undefined>;
  /** Is told the last number that is on the disk, after each commit. @returns stops it */
  onSaved(listener: (seq: number) => void): () => void;
}

export interface Events {
  /** Never blocks and never throws. @returns the event with its id, which listeners were told of, too */
  add(event: NewEvent): EventView;
  /** Newest first. Without `mayAudit` the audit log is not there. @throws SkeinError HISTORY_UNAVAILABLE and the like */
  list(query: Partial<EventsQuery>, visibility: { readonly mayAudit: boolean }): Promise<EventsPage>;
  /** @returns stops it */
  onAdded(listener: (event: EventView) => void): () => void;
}

export interface Series {
  /** Never blocks and never throws. What is no finite number is left out; so is a second sample of the same time. */
  add(key: SeriesKey, at: number, value: number): void;
  /** @throws SkeinError HISTORY_UNAVAILABLE and the like */
  query(question: Omit<SeriesQuestion, "now">): Promise<SeriesAnswer>;
}

export interface Verdicts {
  /** Never blocks and never throws. Telling again what is so already is fine. */
  record(change: VerdictChange): void;
  query(question: { readonly follower: string; readonly from: number; readonly to: number }): Promise<VerdictHistory>;
}

export interface HistoryHealth {
  /** `failing`: nothing is saved now, for the reason that `code` names; it is tried again by itself. */
  readonly state: "ok" | "failing" | "closed";
  /** While failing. */
  readonly code?: FailureCode;
  readonly message?: string;
  /** When it came to this state, ms. */
  readonly since: number;
  readonly file: string;
  readonly fileBytes: number;
  readonly journalBytes: number;
  /** Numbers of the first row that is kept and of the last one. */
  readonly firstSeq?: number;
  readonly savedSeq: number;
  /** How long the oldest row has waited to be saved, ms. */
  readonly oldestWaitingMs: number;
  readonly waiting: {
    readonly rows: number;
    readonly bytes: number;
    readonly events: number;
    readonly samples: number;
    readonly verdicts: number;
  };
  /** Since the start. */
  readonly dropped: {
    readonly telemetry: number;
    readonly other: number;
    readonly events: number;
    readonly samples: number;
    readonly verdicts: number;
  };
  /** How long the last commit took, ms. */
  readonly commitMs: number;
  /** Of looking after the file: what is old goes, roll-ups are written, room is given back. */
  readonly maintenance: {
    /** Steps that failed since the start. */
    readonly failed: number;
    /** Why the last one failed; left out: it did not. */
    readonly problem?: string;
  };
  /** What the last check found (there is one at the start; `unknown` until it is through), or a use of the file since. */
  readonly integrity: "unknown" | "ok" | "damaged";
  /** Where a damaged file was put since the start. */
  readonly putAside?: string;
}

export interface History {
  readonly journal: Journal;
  readonly events: Events;
  readonly series: Series;
  readonly verdicts: Verdicts;
  health(): HistoryHealth;
  /** Resolves when all that was told so far is on the disk. @throws SkeinError why it is not */
  flush(): Promise<void>;
  /** What is kept of a resident; `actors`: their accounts, each while it was theirs. Without `mayAudit` entries of the audit log are counted, and not shown. */
  residentData(
    id: string,
    options: { readonly actors?: readonly AccountSpan[]; readonly mayAudit: boolean },
  ): Promise<ResidentAnswer>;
  /** Removes it, from the file's free pages and the write-ahead log as well. @returns counts of what went */
  forgetResident(id: string, options?: { readonly actors?: readonly AccountSpan[] }): Promise<Record<string, number>>;
  /** Copies all of it to a file while it is in use; what is there is replaced. @throws SkeinError HISTORY_BACKUP_FAILED */
  backup(file: string): Promise<{ bytes: number }>;
  /** Reads the whole file (`full`: with its indexes). A damaged one is put aside, and a new one begun. @returns the first damage */
  checkIntegrity(options?: { readonly full?: boolean }): Promise<string | undefined>;
  /** Saves what waits, as far as the disk lets it. */
  close(): Promise<void>;
}
