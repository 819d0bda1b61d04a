/**
 * A timer for what is almost always called off: a deadline that an answer beats ten thousand times a second, a pause that a command ends.
 * It is not set anew each time; when it fires too early it looks when it should have, and sleeps on.
 */
import type { CancelTimer, Clock } from "@skein/kit";

export class LazyTimer {
  private dueAt = Infinity;
  private armedFor = Infinity;
  private cancelArmed: CancelTimer = () => {};

  constructor(
    private readonly clock: Pick<Clock, "monotonic" | "setTimer">,
    private readonly due: () => void,
  ) {}

  /** Calls `due` in so many ms, unless it is set again or cleared before. */
  set(ms: number): void {
    this.dueAt = this.clock.monotonic() + Math.max(0, ms);
    if (this.dueAt < this.armedFor) this.arm();
  }

  clear(): void {
    this.dueAt = Infinity;
  }

  /** Leaves nothing behind. */
  close(): void {
    this.clear();
    this.cancelArmed();
    this.armedFor = Infinity;
  }

  private arm(): void {
    this.cancelArmed();
    this.armedFor = this.dueAt;
    this.cancelArmed = this.clock.setTimer(() => this.fired(), Math.max(0, this.dueAt - this.clock.monotonic()));
  }

  private fired(): void {
    this.armedFor = Infinity;
    if (this.dueAt === Infinity) return;
    if (this.clock.monotonic() < this.dueAt) return this.arm();
    this.dueAt = Infinity;
    this.due();
  }
}
