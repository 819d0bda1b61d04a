/** What the owner's thread and the worker say to each other. */
import type { EventsPage, EventsQuery, EventView, VerdictHistory } from "@skein/contracts";
import type { Block } from "./block";
import type { Failure } from "./failure";
import type { JournalPage } from "./journal";
import type { Retention } from "./limits";
import type { ResidentQuestion } from "./whose";

export interface SeriesKey {
  /** `follower:cv-1`, `device:lamp`, `resident:anna`. */
  readonly subject: string;
  /** With its unit: `cpuPercent`. */
  readonly name: string;
}

/** Samples of one commit: triples of (index into keys, at, value). */
export interface SampleBatch {
  readonly keys: readonly SeriesKey[];
  readonly values: Float64Array<ArrayBuffer>;
}

export interface VerdictChange {
  readonly follower: string;
  /** When it began, ms. */
  readonly at: number;
  readonly state: string;
  readonly cause: string;
}

/** One transaction. */
export interface Batch {
  /** Ms: samples are not rolled up into what would be deleted by now. */
  readonly now: number;
  readonly block?: Block;
  readonly events?: readonly EventView[];
  readonly samples?: SampleBatch;
  readonly verdicts?: readonly VerdictChange[];
}

export interface SeriesQuestion {
  readonly subject: string;
  readonly from: number;
  readonly to: number;
  /** Ms between points; left out: so that about 600 come at most. */
  readonly stepMs?: number;
  /** Left out: all of the subject. */
  readonly names?: readonly string[];
  readonly now: number;
}
export interface SeriesReply {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  /** Points as `at, mean, min, max`, one after the other. */
  readonly series: readonly { readonly name: string; readonly points: Float64Array<ArrayBuffer> }[];
}

export interface ResidentDataQuestion extends ResidentQuestion {
  /** Whether the asker may read the audit log: without that its entries are counted, and not shown. */
  readonly mayAudit: boolean;
}
export interface ResidentAnswer {
  /** Counts by where it lies: journal, events, series. */
  readonly kept: Record<string, number>;
  /** The newest of it in words. */
  readonly items: { readonly at: number; readonly where: string; readonly what: string }[];
}

export interface FileState {
  readonly fileBytes: number;
  readonly journalBytes: number;
  readonly firstSeq: number | undefined;
}

export interface Opened extends FileState {
  readonly lastSeq: number;
  readonly lastEvent: number;
  /** Where a damaged file was put, when one stood in the way. */
  readonly putAside?: string;
}

/** What the worker can be asked, with its answer. */
export interface Questions {
  /** `damaged`: put the file aside whatever it looks like. */
  open: [how: { readonly now: number; readonly damaged: boolean }, answer: Opened];
  write: [batch: Batch, answer: FileState];
  /** A slice of looking after the file; true: there is more to do at once. */
  maintain: [clock: { readonly now: number; readonly monotonicMs: number }, answer: boolean];
  journalPage: [after: number, answer: JournalPage | undefined];
  journalSeqAt: [at: number, answer: number | undefined];
  events: [question: { readonly query: EventsQuery; readonly mayAudit: boolean }, answer: EventsPage];
  series: [question: SeriesQuestion, answer: SeriesReply];
  verdicts: [
    question: { readonly follower: string; readonly from: number; readonly to: number },
    answer: VerdictHistory,
  ];
  residentData: [question: ResidentDataQuestion, answer: ResidentAnswer];
  /** A slice of forgetting, of what lies in the journal before this number; `before` in the answer: there may be more, ask again with it. */
  forgetResident: [
    question: ResidentQuestion & { readonly before?: number | undefined },
    answer: { readonly kept: Record<string, number>; readonly before: number | undefined },
  ];
  /** Puts what was deleted out of the write-ahead log as well; false: a reader stood in the way, ask again. */
  scrub: [nothing: undefined, answer: boolean];
  backup: [file: string, answer: { readonly bytes: number }];
  close: [nothing: undefined, answer: undefined];
}
export type QuestionName = keyof Questions;
export type Asked<K extends QuestionName> = Questions[K][0];
export type Answer<K extends QuestionName> = Questions[K][1];

export interface WorkerOptions {
  readonly file: string;
  readonly retention: Retention;
  /** Only reads, and only checks: a thread beside the one that writes. */
  readonly role: "keeper" | "checker";
  /** The checker reads every index, too. */
  readonly full?: boolean;
}

export type ToWorker = {
  readonly [K in QuestionName]: { readonly id: number; readonly ask: K; readonly value: Asked<K> };
}[QuestionName];
export type FromWorker =
  { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly failure: Failure };
/** The checker's one message. */
export type CheckerSays = { readonly damage: string | undefined } | { readonly failure: Failure };
