/** How long things are kept, and how large they may become. */
export interface Retention {
  /** Of the journal, ms. Default 30 days. */
  readonly journalMs: number;
  /** Of the journal as it lies in the file (packed and compressed), bytes. Default 1 GiB. */
  readonly journalBytes: number;
  /** Of events and verdicts, ms. Default two years. */
  readonly eventsMs: number;
  /** How many events. Default 500,000. */
  readonly maxEvents: number;
  /** Of everything in the file, bytes; beyond it the oldest of the journal goes, then the oldest events. Default 4 GiB. */
  readonly fileBytes: number;
}

const DAY_MS = 24 * 3_600_000;
export const defaultRetention: Retention = {
  journalMs: 30 * DAY_MS,
  journalBytes: 1024 ** 3,
  eventsMs: 2 * 366 * DAY_MS,
  maxEvents: 500_000,
  fileBytes: 4 * 1024 ** 3,
};

/** What may wait in memory while the disk is slow, full or away. */
export interface WaitingLimits {
  /** Rows of the journal. Default 100,000, and 64 MiB. */
  readonly maxRows: number;
  readonly maxBytes: number;
  /** Default 10,000 each. */
  readonly maxEvents: number;
  readonly maxVerdicts: number;
  /** Default 200,000. */
  readonly maxSamples: number;
}

export const defaultWaiting: WaitingLimits = {
  maxRows: 100_000,
  maxBytes: 64 * 1024 ** 2,
  maxEvents: 10_000,
  maxVerdicts: 10_000,
  maxSamples: 200_000,
};
