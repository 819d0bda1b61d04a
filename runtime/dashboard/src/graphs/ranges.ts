/** The stretches of time that a follower's figures are shown over, from an hour to a year. */
export const RANGES = ["1h", "6h", "24h", "7d", "30d", "1y"] as const;
export type Range = (typeof RANGES)[number];

const HOUR_MS = 3_600_000;
export const RANGE_MS: Readonly<Record<Range, number>> = {
  "1h": HOUR_MS,
  "6h": 6 * HOUR_MS,
  "24h": 24 * HOUR_MS,
  "7d": 7 * 24 * HOUR_MS,
  "30d": 30 * 24 * HOUR_MS,
  "1y": 365 * 24 * HOUR_MS,
};

/** How often what lies in a range is fetched anew while somebody looks, ms: its end moves on. */
export const ANEW_MS = 60_000;

/** What a link says: `#/followers/attic/7d`; the last hour where it says nothing. */
export const rangeOf = (part: string | undefined): Range => RANGES.find((range) => range === part) ?? "1h";
