/**
 * The fault tests run scaled down in `npm test` and at the product's own intervals in `npm run test:faults`. What scales is
 * the beat, with it every limit that is counted in beats, and the grace after a will.
 */
export const realTime = process.env["SKEIN_REAL_TIME"] === "1";

export const BEAT_MS = realTime ? 5_000 : 1_000;

/** `ms` of a house with 5 s beats, in this run. */
export const scaled = (ms: number): number => (ms * BEAT_MS) / 5_000;

/** From a will to death, when the follower does not come back. */
export const WILL_GRACE_MS = realTime ? 3_000 : 1_500;

/**
 * What the leader of a fault test is told beside its bus. Scaled down, death by silence comes a beat later than the product's: a
 * will's grace, which scales less, and a stall must be over before, with something left for the machine.
 */
export const fleetSettings = realTime
  ? {}
  : { deadBeats: 4, willGraceMs: WILL_GRACE_MS, reconnectGraceMs: 6_000, observerLateMs: 1_000, clockMs: 1_000 };

/** A test may wait for the machine as long as this; how fast it is is no test's business. */
export const PATIENCE_MS = realTime ? 120_000 : 45_000;

/** What a machine that runs nobody for a second makes of a follower that lives, where a second is a beat. */
const HICCUPS = ["suspect silence", "unknown observer-late"];

/**
 * What was said, without such hiccups and the "alive" that ends each. At the product's own intervals nothing is left out: there
 * nobody may say so much as that.
 */
export function steadied(words: readonly string[]): string[] {
  if (realTime) return [...words];
  const isHiccup = (word: string | undefined) => word !== undefined && HICCUPS.includes(word);
  return words
    .filter((word, index) => !isHiccup(word) && !(word === "alive beat" && isHiccup(words[index - 1])))
    .filter((word, index, left) => word !== left[index - 1]);
}
