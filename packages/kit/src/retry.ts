import type { Random } from "./random";

/** Waits that grow and are spread out, so that a house coming back does not knock all at once. */
export interface BackoffOptions {
  /** First wait at most, ms. */
  readonly baseMs: number;
  /** No wait is longer, ms. */
  readonly maxMs: number;
}

/** "Full jitter" (Brooker, "Exponential Backoff And Jitter", AWS 2015), but never under a quarter, so that nobody hammers. */
export function backoffMs(attempt: number, { baseMs, maxMs }: BackoffOptions, random: Random): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return ceiling * (0.25 + 0.75 * random.next());
}
