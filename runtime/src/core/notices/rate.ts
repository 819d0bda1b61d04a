/** So many in so long a time, and no more: a window that slides. */
import type { Clock } from "@skein/kit";

export function createRate(clock: Pick<Clock, "monotonic">, { max, perMs }: { max: number; perMs: number }) {
  const taken: number[] = [];
  return {
    /** Whether there was room. */
    take(): boolean {
      const now = clock.monotonic();
      while (taken.length > 0 && (taken[0] ?? 0) <= now - perMs) taken.shift();
      if (taken.length >= max) return false;
      taken.push(now);
      return true;
    },
  };
}
