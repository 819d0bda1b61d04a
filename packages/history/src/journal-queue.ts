/**
 * What waits to be saved, in bounded memory: while the disk is slow or full the oldest telemetry goes first, then the oldest of the
 * rest, and gaps remember which numbers went (journal-rows.ts). Numbers are the queue's own, from 1 on, until the file has
 * told where it ends; `take` adds the base.
 */
import { packedBytes } from "./block";
import { addToGaps, GAP, type Gap, gapRow, type JournalRow, lastOf } from "./journal-rows";

export interface QueueLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

export interface QueueState {
  readonly rows: number;
  readonly bytes: number;
  /** Since the start. */
  readonly droppedTelemetry: number;
  readonly droppedOther: number;
}

type Waiting = JournalRow & { readonly packed: number };

/** First in, first out, with a head that moves rather than an array that shifts. */
class Line {
  private items: Waiting[] = [];
  private head = 0;

  peek = (): Waiting | undefined => this.items[this.head];
  push = (item: Waiting): void => void this.items.push(item);
  shift(): Waiting | undefined {
    const item = this.items[this.head];
    if (item) this.head += 1;
    if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }
  unshift(items: readonly Waiting[]): void {
    this.items = [...items, ...this.items.slice(this.head)];
    this.head = 0;
  }
  replace(change: (item: Waiting) => Waiting): void {
    this.items = this.items.slice(this.head).map(change);
    this.head = 0;
  }
}

export class JournalQueue {
  private readonly telemetry = new Line();
  private readonly other = new Line();
  private gaps: readonly Gap[] = [];
  private next = 1;
  private rows = 0;
  private bytes = 0;
  private droppedTelemetry = 0;
  private droppedOther = 0;

  constructor(private readonly limits: QueueLimits) {}

  /** Takes a row in under the next number. Beyond a limit a tenth goes at once, so that being full is not paid for at each row. */
  push(row: Omit<JournalRow, "seq">): void {
    const waiting = { ...row, seq: this.next, packed: packedBytes(row) };
    this.next += 1;
    this.lineOf(waiting).push(waiting);
    this.rows += 1;
    this.bytes += waiting.packed;
    const { maxRows, maxBytes } = this.limits;
    if (this.rows > maxRows || this.bytes > maxBytes) this.dropTo(0.9 * maxRows, 0.9 * maxBytes);
  }

  /** The oldest rows in order, gaps among them, numbered from `base` + 1 on; `at` and `monotonicMs` are for the gaps. */
  take(limits: QueueLimits, base: number, at: number, monotonicMs: number): JournalRow[] {
    const taken: JournalRow[] = [];
    let bytes = 0;
    while (taken.length < limits.maxRows && bytes < limits.maxBytes) {
      const line = this.older();
      const seq = line?.peek()?.seq ?? Infinity;
      const gap = this.gaps[0];
      if (gap && gap.from < seq) {
        this.gaps = this.gaps.slice(1);
        taken.push(gapRow({ from: gap.from + base, to: gap.to + base }, at, monotonicMs));
        continue;
      }
      const row = line?.shift();
      if (!row) break;
      this.rows -= 1;
      this.bytes -= row.packed;
      bytes += row.packed;
      taken.push({ ...row, seq: row.seq + base });
    }
    return taken;
  }

  /** Puts back what `take` gave, when it could not be saved. */
  putBack(taken: readonly JournalRow[], base: number): void {
    const rows = taken
      .filter((row) => row.kind !== GAP || row.source !== "history")
      .map((row) => ({ ...row, seq: row.seq - base, packed: packedBytes(row) }));
    this.telemetry.unshift(rows.filter((row) => row.kind === "telemetry"));
    this.other.unshift(rows.filter((row) => row.kind !== "telemetry"));
    this.rows += rows.length;
    for (const row of rows) this.bytes += row.packed;
    const gaps = taken.filter((row) => row.kind === GAP && row.source === "history");
    this.gaps = [...gaps.map((row) => ({ from: row.seq - base, to: lastOf(row) - base })), ...this.gaps];
  }

  /** Lets go of what turns out to be saved: all numbers up to this. */
  discardTo(number: number): void {
    for (let line = this.older(); line && (line.peek()?.seq ?? Infinity) <= number; line = this.older()) {
      this.rows -= 1;
      this.bytes -= line.shift()?.packed ?? 0;
    }
    this.gaps = this.gaps.filter((gap) => gap.from > number);
  }

  /** Replaces what waits; a row keeps its number. */
  replace(change: (row: JournalRow) => JournalRow): void {
    for (const line of [this.telemetry, this.other])
      line.replace((row) => {
        const changed = change(row);
        if (changed === row) return row;
        const packed = packedBytes(changed);
        this.bytes += packed - row.packed;
        return { ...changed, packed };
      });
  }

  state = (): QueueState => ({
    rows: this.rows,
    bytes: this.bytes,
    droppedTelemetry: this.droppedTelemetry,
    droppedOther: this.droppedOther,
  });
  /** True while there are rows or gaps to save. */
  waits = (): boolean => this.rows > 0 || this.gaps.length > 0;
  oldest = (): JournalRow | undefined => this.older()?.peek();

  private lineOf = (row: { kind: string }): Line => (row.kind === "telemetry" ? this.telemetry : this.other);

  private older(): Line | undefined {
    const [a, b] = [this.telemetry.peek(), this.other.peek()];
    if (!a || !b) return a ? this.telemetry : b ? this.other : undefined;
    return a.seq < b.seq ? this.telemetry : this.other;
  }

  private dropTo(rows: number, bytes: number): void {
    const dropped: number[] = [];
    while (this.rows > rows || this.bytes > bytes) {
      const telemetry = this.telemetry.shift();
      const row = telemetry ?? this.other.shift();
      if (!row) break;
      if (telemetry) this.droppedTelemetry += 1;
      else this.droppedOther += 1;
      dropped.push(row.seq);
      this.rows -= 1;
      this.bytes -= row.packed;
    }
    this.gaps = addToGaps(this.gaps, dropped);
  }
}
