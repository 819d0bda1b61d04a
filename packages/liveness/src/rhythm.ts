/**
 * A follower's own rhythm, and when silence is more than it explains.
 *
 * Taken from Hayashibara et al., "The phi accrual failure detector" (SRDS 2004): judge silence by the distribution of
 * this sender's own inter-arrival times instead of by one constant; with their normal tail, mean + 4 deviations is
 * phi = -log10(1 - F) = 4.5. Not taken: a window of 1000 samples and the open scale. Two exponentially weighted averages
 * (as TCP's, RFC 6298, 2) need no memory and forget a bad hour, and every sample and the result are kept between hard
 * limits, so that one long pause teaches little.
 */
export interface Rhythm {
  /** Mean of interval / announced interval. */
  readonly mean: number;
  /** Mean absolute deviation from it. */
  readonly deviation: number;
}

/** Before anything was heard: on time. */
export const steady: Rhythm = { mean: 1, deviation: 0 };

const MEAN_GAIN = 1 / 16;
const DEVIATION_GAIN = 1 / 8;

/** What a beat after `intervalMs` teaches, when the one before had announced `beatMs`. */
export function learn(rhythm: Rhythm, intervalMs: number, beatMs: number): Rhythm {
  const sample = clamp(intervalMs / beatMs, 0.5, 2);
  const error = sample - rhythm.mean;
  return {
    mean: rhythm.mean + MEAN_GAIN * error,
    deviation: rhythm.deviation + DEVIATION_GAIN * (Math.abs(error) - rhythm.deviation),
  };
}

/** Beats of silence that make a suspect. */
export function suspectAfterBeats(
  rhythm: Rhythm,
  limits: { readonly minBeats: number; readonly maxBeats: number },
): number {
  return clamp(rhythm.mean + 4 * rhythm.deviation, limits.minBeats, limits.maxBeats);
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
