import { learn, steady, suspectAfterBeats, type Rhythm } from "./rhythm";

const limits = { minBeats: 1.5, maxBeats: 2 };
const after = (...intervals: number[]): Rhythm => intervals.reduce((rhythm, ms) => learn(rhythm, ms, 1000), steady);
const times = (count: number, ...pattern: number[]) => Array.from({ length: count }, () => pattern).flat();

describe("suspicion follows the follower's own rhythm", () => {
  it.each`
    intervals                                         | low     | high    | because
    ${times(100, 1000)}                               | ${1.5}  | ${1.5}  | ${"a steady follower is suspected at the lower limit"}
    ${times(50, 900, 1100)}                           | ${1.5}  | ${1.5}  | ${"a little jitter is within it"}
    ${times(50, 800, 1200)}                           | ${1.75} | ${1.85} | ${"a jittery one is given its rhythm"}
    ${times(50, 500, 1800)}                           | ${2}    | ${2}    | ${"but not more than the upper limit"}
    ${[...times(100, 1000), 60_000]}                  | ${1.5}  | ${1.6}  | ${"one long pause teaches little"}
    ${[...times(50, 500, 1800), ...times(100, 1000)]} | ${1.5}  | ${1.5}  | ${"a bad hour is forgotten"}
  `("$because", ({ intervals, low, high }: { intervals: number[]; low: number; high: number }) => {
    const beats = suspectAfterBeats(after(...intervals), limits);
    expect(beats).toBeGreaterThanOrEqual(low);
    expect(beats).toBeLessThanOrEqual(high);
  });
});
