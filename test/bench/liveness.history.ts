/** What truly happened to one follower in a day, made up from a seed; every detector is judged against the same history. */
import type { Random } from "@skein/kit";

export interface Period {
  readonly from: number;
  readonly to: number;
}

export interface History {
  readonly endMs: number;
  /** Unplugged, without a will; in order, far apart. */
  readonly offs: readonly Period[];
  /** Nothing passes in either direction; what waited then arrives in order. */
  readonly stalls: readonly Period[];
}

const HOUR_MS = 3_600_000;

export function makeHistory(random: Random, options: { hours: number; stallMaxMs: number }): History {
  const endMs = options.hours * HOUR_MS;
  const between = (low: number, high: number) => low + (high - low) * random.next();
  const periods = (gapMeanMs: number, lowMs: number, highMs: number): Period[] => {
    const list: Period[] = [];
    for (let at = 0; ;) {
      const from = at + 60_000 - gapMeanMs * Math.log(1 - random.next());
      const to = from + between(lowMs, highMs);
      if (to + 120_000 > endMs) return list;
      list.push({ from, to });
      at = to;
    }
  };
  return {
    endMs,
    offs: periods(HOUR_MS, 60_000, 600_000),
    stalls: options.stallMaxMs > 0 ? periods(HOUR_MS / 2, 0, options.stallMaxMs) : [],
  };
}

/** A cursor over periods for times that only go forward. */
export function follow(periods: readonly Period[]): (at: number) => Period | undefined {
  let index = 0;
  return (at) => {
    while (index < periods.length && (periods[index]?.to ?? 0) <= at) index += 1;
    const period = periods[index];
    return period && period.from <= at ? period : undefined;
  };
}

/** One way of one follower's connection: a trip of 2 to 30 ms, every stall on the way, and in order. */
export function wire(history: History, random: Random): (sentAt: number) => number {
  const stallAt = follow(history.stalls);
  let last = 0;
  return (sentAt) => {
    const trip = sentAt + 2 + 28 * random.next() ** 3;
    const arrival = Math.max(trip, stallAt(trip)?.to ?? 0, last);
    last = arrival;
    return arrival;
  };
}

export interface Outcome {
  /** From the last beat that it sent to the (last) verdict, ms, for each time it was unplugged. */
  readonly detections: Map<Period, number>;
  falseDeaths: number;
  falseSuspects: number;
  undetected: number;
  pings: number;
}

export const nothing = (): Outcome => ({
  detections: new Map(),
  falseDeaths: 0,
  falseSuspects: 0,
  undetected: 0,
  pings: 0,
});
