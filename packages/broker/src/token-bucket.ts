import type { Clock } from "@skein/kit";

/** Lets `burst` through at once and `perS` a second in the long run. */
export class TokenBucket {
  private tokens: number;
  private last: number;

  constructor(
    private readonly clock: Clock,
    private readonly burst: number,
    private readonly perS: number,
  ) {
    this.tokens = burst;
    this.last = clock.monotonic();
  }

  take(): boolean {
    const now = this.clock.monotonic();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.last) * this.perS) / 1000);
    this.last = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
