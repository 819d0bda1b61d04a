/** How many snapshots stay: 200, and none older than 90 days; that of the flows that run stays in any case. Pure. */
export const MOST_KEPT = 200;
export const KEPT_MS = 90 * 86_400_000;

interface Aged {
  readonly id: string;
  /** Ms. */
  readonly at: number;
}

/** Those of `all`, oldest first, that stay. */
export function keep<T extends Aged>(all: readonly T[], now: number, current: string | undefined): T[] {
  const newest = new Set(all.slice(-MOST_KEPT).filter(({ at }) => now - at <= KEPT_MS));
  return all.filter((each) => newest.has(each) || each.id === current);
}
