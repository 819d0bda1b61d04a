/** When a device is to be looked at, and its meter read. Pure: the moments are handed in, ms of the monotonic clock. */
import type { Random } from "@skein/kit";

export interface ScheduleTimes {
  readonly pollMs: number;
  readonly energyMs: number;
  readonly settleMs: number;
}

export class Schedule {
  private pollAt = 0;
  private energyAt = 0;
  private settledAt: number | undefined;

  constructor(
    private readonly times: ScheduleTimes,
    private readonly random: Pick<Random, "next">,
  ) {}

  /** Connected, which includes a look. */
  begin(now: number): void {
    this.settledAt = undefined;
    this.energyAt = now;
    this.looked(now);
  }

  /** The look that follows a command takes the place of those now and then; during a fade each would tell values in between. */
  commanded(now: number, transitionMs: number): void {
    this.settledAt = now + this.times.settleMs + transitionMs;
  }

  /** @returns whether what the last command brought about is thereby known for good */
  looked(now: number): boolean {
    // Devices that were connected to at the same moment shall not be looked at in step for ever.
    this.pollAt = now + this.times.pollMs * (0.9 + 0.2 * this.random.next());
    if (this.settledAt === undefined || now < this.settledAt) return false;
    this.settledAt = undefined;
    return true;
  }

  /** @param measures whether there is a meter at all */
  metered(now: number, measures: boolean): void {
    this.energyAt = measures ? now + this.times.energyMs : Infinity;
  }

  lookIn(now: number): number {
    return (this.settledAt ?? this.pollAt) - now;
  }

  meterIn(now: number): number {
    return this.energyAt - now;
  }
}
