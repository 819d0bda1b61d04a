/** When the file is looked after: every few seconds, and soon again while there is more to do; and what went wrong with that. */
import { type CancelTimer, type Clock, hasCode, messageOf } from "@skein/kit";

/** Between two slices, so that what comes in is written meanwhile. */
const PAUSE_MS = 20;

export interface MaintenanceOptions {
  readonly clock: Clock;
  readonly everyMs: number;
  /** @returns true when there is more to do at once; undefined: not now */
  slice(): Promise<boolean | undefined>;
  /** Once for each reason. */
  onFailed(error: unknown): void;
}

export class Maintenance {
  /** Slices that failed since the start. */
  failed = 0;
  /** Why the last one failed; undefined: it did not. */
  problem: string | undefined;
  private readonly told = new Set<string>();
  private cancel: CancelTimer | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly options: MaintenanceOptions) {}

  start(): void {
    this.arm(this.options.everyMs);
  }

  /** Resolves when no slice is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel?.();
    await this.running;
  }

  private arm(ms: number): void {
    if (this.stopped) return;
    this.cancel = this.options.clock.setTimer(() => void (this.running = this.run()), ms, { unref: true });
  }

  private async run(): Promise<void> {
    const more = await this.options.slice().then(
      (done) => {
        if (done !== undefined) this.problem = undefined;
        return done;
      },
      (error: unknown) => this.note(error),
    );
    this.arm(more ? PAUSE_MS : this.options.everyMs);
  }

  private note(error: unknown): void {
    // That the file is not open is the writer's to tell, with its reason.
    if (hasCode(error, "HISTORY_UNAVAILABLE")) return;
    this.failed += 1;
    this.problem = messageOf(error);
    if (this.told.has(this.problem)) return;
    this.told.add(this.problem);
    this.options.onFailed(error);
  }
}
