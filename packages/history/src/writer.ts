/**
 * Brings what waits to the worker, a batch after the other: soon when there is much, after 400 ms when there is little. A batch that
 * failed goes back and is tried again later, so that nothing but memory's limits loses anything. Owner's side.
 */
import type { EventView } from "@skein/contracts";
import type { CancelTimer, Clock, SkeinError } from "@skein/kit";
import { packBlock, type Block } from "./block";
import { Bounded } from "./bounded";
import { STAYS_OPEN } from "./failure";
import { JournalQueue } from "./journal-queue";
import type { WaitingLimits } from "./limits";
import type { Batch, FileState, Opened, SampleBatch, SeriesKey, VerdictChange } from "./protocol";
import type { Thread } from "./thread";

/** Rows of one batch; half of it does not wait for the timer. */
const BATCH = { maxRows: 2_000, maxBytes: 512 * 1024 };
const RETRY_MS = { first: 500, most: 10_000 };

export interface Sample {
  readonly key: SeriesKey;
  readonly at: number;
  readonly value: number;
}

export interface WriterOptions {
  readonly thread: Pick<Thread, "ask">;
  readonly clock: Clock;
  readonly limits: WaitingLimits;
  readonly commitEveryMs: number;
  onOpened(opened: Opened): void;
  onSaved(seq: number): void;
  onState(failure: SkeinError | undefined): void;
}

export class Writer {
  readonly journal: JournalQueue;
  readonly events: Bounded<EventView>;
  readonly samples: Bounded<Sample>;
  readonly verdicts: Bounded<VerdictChange>;
  savedSeq = 0;
  commitMs = 0;
  file: FileState = { fileBytes: 0, journalBytes: 0, firstSeq: undefined };
  /** Why nothing is saved now. */
  failure: SkeinError | undefined;
  /** What the journal's own numbers are added to: the last one in the file when it was opened first. */
  private base: number | undefined;
  private isOpen = false;
  /** The file is damaged, whoever found it and whatever was under way then: nothing is written before it has been put aside. */
  private isDamaged = false;
  private sending: Promise<void> | undefined;
  private timer: { readonly at: number; readonly cancel: CancelTimer } | undefined;
  private retryMs = RETRY_MS.first;
  private isClosed = false;

  constructor(private readonly options: WriterOptions) {
    this.journal = new JournalQueue(options.limits);
    this.events = new Bounded(options.limits.maxEvents);
    this.samples = new Bounded(options.limits.maxSamples);
    this.verdicts = new Bounded(options.limits.maxVerdicts);
  }

  /** Something was added. */
  added(): void {
    if (this.sending || this.failure) return;
    const { rows, bytes } = this.journal.state();
    this.sendIn(rows >= BATCH.maxRows / 2 || bytes >= BATCH.maxBytes / 2 ? 0 : this.options.commitEveryMs);
  }

  /** Sends what waits now, in as many batches as that takes. Ends early when it fails. */
  async drain(): Promise<void> {
    await this.sending;
    const { rows, bytes } = this.journal.state();
    const batches = Math.ceil(rows / BATCH.maxRows) + Math.ceil(bytes / BATCH.maxBytes) + 1;
    for (let n = 0; n < batches && this.waits(); n++) {
      await this.send();
      if (this.failure) return;
    }
  }

  /** Opens the file, or tries to. */
  open(): Promise<void> {
    return this.send();
  }

  /** A question failed, or a check found damage: the worker has let go of the file, but where it is full. */
  report(error: SkeinError): void {
    if (STAYS_OPEN.includes(error.code)) return;
    if (error.code === "HISTORY_CORRUPT") return this.failed(error);
    // That the file is not open is no news while the reason is known; whether it can be opened again is told when that was tried.
    this.isOpen = false;
    if (!this.failure && !this.sending) this.sendIn(0);
  }

  async close(): Promise<void> {
    await this.drain();
    this.isClosed = true;
    this.timer?.cancel();
  }

  private waits = (): boolean =>
    this.journal.waits() || this.events.size() > 0 || this.samples.size() > 0 || this.verdicts.size() > 0;

  private sendIn(ms: number): void {
    const at = this.options.clock.monotonic() + ms;
    if (this.isClosed || (this.timer && this.timer.at <= at)) return;
    this.timer?.cancel();
    const cancel = this.options.clock.setTimer(() => void this.send(), ms, { unref: true });
    this.timer = { at, cancel };
  }

  /** One batch at a time. Never rejects. */
  private send(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    this.sending ??= this.sendOne().finally(() => {
      this.sending = undefined;
      if (this.failure) this.sendIn(this.retryMs);
      else if (!this.isOpen) this.sendIn(0);
      else if (this.waits()) this.added();
    });
    return this.sending;
  }

  private async sendOne(): Promise<void> {
    try {
      if (!this.isOpen) await this.openFile();
      if (this.isOpen) await this.write(this.base ?? 0);
      // Somebody else found a reason meanwhile to open it anew: a commit that succeeded is none against it.
      if (!this.isOpen) return;
      this.retryMs = RETRY_MS.first;
      this.setFailure(undefined);
    } catch (error) {
      this.failed(error as SkeinError);
    }
  }

  private async openFile(): Promise<void> {
    const now = this.options.clock.now();
    const damaged = this.isDamaged;
    const opened = await this.options.thread.ask("open", { now, damaged });
    if (opened.putAside !== undefined) this.isDamaged = false;
    this.isOpen = !this.isDamaged;
    this.file = opened;
    if (this.base === undefined) this.base = opened.lastSeq;
    // The thread may have died between committing a batch and saying so.
    else if (opened.putAside === undefined) {
      this.journal.discardTo(opened.lastSeq - this.base);
      this.events.keep((event) => event.id > opened.lastEvent);
    }
    if (opened.putAside === undefined) this.savedSeq = Math.max(this.savedSeq, opened.lastSeq);
    this.options.onOpened(opened);
  }

  private async write(base: number): Promise<void> {
    const { clock, thread } = this.options;
    const rows = this.journal.take(BATCH, base, clock.now(), clock.monotonic());
    const [events, samples, verdicts] = [this.events.takeAll(), this.samples.takeAll(), this.verdicts.takeAll()];
    if (rows.length + events.length + samples.length + verdicts.length === 0) return;
    const begun = clock.monotonic();
    let block: Block | undefined;
    try {
      block = rows.length > 0 ? packBlock(rows) : undefined;
      const batch: Batch = {
        now: clock.now(),
        ...(block ? { block } : {}),
        ...(events.length > 0 ? { events } : {}),
        ...(samples.length > 0 ? { samples: packSamples(samples) } : {}),
        ...(verdicts.length > 0 ? { verdicts } : {}),
      };
      this.file = await thread.ask("write", batch, block ? [block.bytes.buffer] : []);
    } catch (error) {
      this.journal.putBack(rows, base);
      this.events.putBack(events);
      this.samples.putBack(samples);
      this.verdicts.putBack(verdicts);
      throw error;
    }
    this.commitMs = clock.monotonic() - begun;
    if (!block) return;
    this.savedSeq = block.last;
    this.options.onSaved(block.last);
  }

  private failed(error: SkeinError): void {
    if (error.code === "HISTORY_CORRUPT") this.isDamaged = true;
    // A full disk leaves the file open; after anything else it is opened again.
    if (!STAYS_OPEN.includes(error.code)) this.isOpen = false;
    this.retryMs = this.failure?.code === error.code ? Math.min(2 * this.retryMs, RETRY_MS.most) : RETRY_MS.first;
    this.setFailure(error);
    if (!this.sending) this.sendIn(this.retryMs);
  }

  private setFailure(failure: SkeinError | undefined): void {
    const before = this.failure?.code;
    this.failure = failure;
    if (before !== failure?.code) this.options.onState(failure);
  }
}

function packSamples(samples: readonly Sample[]): SampleBatch {
  const keys: SeriesKey[] = [];
  const numbers = new Map<string, number>();
  const values = new Float64Array(3 * samples.length);
  for (const [at, sample] of samples.entries()) {
    const name = `${sample.key.subject}\n${sample.key.name}`;
    let number = numbers.get(name);
    if (number === undefined) {
      number = keys.push(sample.key) - 1;
      numbers.set(name, number);
    }
    values.set([number, sample.at, sample.value], 3 * at);
  }
  return { keys, values };
}
