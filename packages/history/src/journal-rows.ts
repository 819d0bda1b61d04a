/** What a row of the journal says, and two kinds that history writes itself: so every number is either a row or explained by one. */
import { isWithin, type ResidentQuestion } from "./whose";

/** One thing that came in or went out. */
export interface JournalRow {
  /** Ingress sequence: grows by one with each row, also across restarts. */
  readonly seq: number;
  /** Wall clock, ms; may step. */
  readonly at: number;
  /** The owner's monotonic clock, ms; begins anew with each start of the process, which a row of kind `start` stands for. */
  readonly monotonicMs: number;
  /** `bus`, `core`, or `history` for its own; 255 bytes at most, as `kind`. */
  readonly source: string;
  /** A message's kind, or `start`; `gap` and `gone` are history's own (below). */
  readonly kind: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Whom it is about: ids of residents, and the marks of accounts that it names. */
  readonly residents: readonly string[];
}

/** Stands at the first of a run of numbers that were dropped; what it explains is in its payload. */
export const GAP = "gap";
/** Stands for a row that was forgotten with its resident: number and times stay, topic and payload are gone. */
export const GONE = "gone";

export interface Gap {
  /** The first and the last number that was dropped. */
  readonly from: number;
  readonly to: number;
}

/** `gap` and what it was that fell out: the numbers `seq` to `to`. */
export const gapRow = (gap: Gap, at: number, monotonicMs: number): JournalRow => ({
  seq: gap.from,
  at,
  monotonicMs,
  source: "history",
  kind: GAP,
  topic: "",
  residents: [],
  payload: Buffer.from(JSON.stringify({ to: gap.to })),
});

/** The last number that a row stands for: its own, or a gap's end. */
export function lastOf(row: JournalRow): number {
  if (row.kind !== GAP) return row.seq;
  return (JSON.parse(Buffer.from(row.payload).toString()) as { to: number }).to;
}

export const goneRow = (row: JournalRow): JournalRow => ({
  ...row,
  kind: GONE,
  topic: "",
  residents: [],
  payload: new Uint8Array(0),
});

/** How an account stands among a row's residents; no id of theirs has a colon. */
export const accountMark = (id: string): string => `account:${id}`;

/** One of these is on every row of a resident's; an account's may be on others' as well. */
export const marksOf = ({ id, actors }: ResidentQuestion): string[] => [
  ...new Set([id, ...actors.map((account) => accountMark(account.id))]),
];
export const isOf = ({ residents, at }: JournalRow, { id, actors }: ResidentQuestion): boolean =>
  residents.includes(id) ||
  actors.some((account) => isWithin(account, at) && residents.includes(accountMark(account.id)));

/** Adds dropped numbers to gaps (ascending, apart from each other), joining what touches. */
export function addToGaps(gaps: readonly Gap[], dropped: readonly number[]): Gap[] {
  const all = [...gaps, ...dropped.map((seq) => ({ from: seq, to: seq }))].toSorted((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of all) {
    const last = joined.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}
