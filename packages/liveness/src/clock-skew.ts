import type { Limits } from "./limits";
import type { Draft } from "./memory";
import type { Moment } from "./observation";
import { become } from "./transition";

/** Two offsets this close agree, ms. */
const AGREE_MS = 2_000;

/**
 * Takes down how far a sender's clock is off, from a beat that came on time. A stalled message looks like a slow clock,
 * so an offset counts only when two such beats in a row agree. Nothing else here looks at a wall clock.
 */
export function noteOffset(m: Draft, offsetMs: number): void {
  if (m.offsetSeenMs !== undefined && Math.abs(offsetMs - m.offsetSeenMs) <= AGREE_MS) m.offsetMs = offsetMs;
  m.offsetSeenMs = offsetMs;
}

/** Alive, but its clock is far off; said again only when the offset has changed by a tenth of the limit. */
export function saySkew(m: Draft, now: Moment, limits: Limits): void {
  if (m.offsetMs === undefined) return;
  const off = Math.abs(m.offsetMs);
  const said = m.verdict.cause === "clock-skew" ? m.verdict.clockOffsetMs : undefined;
  if (said === undefined) {
    if (off > limits.clockSkewMs) become(m, "alive", "clock-skew", now);
  } else if (off < limits.clockSkewMs * 0.9) become(m, "alive", "beat", now);
  else if (Math.abs(m.offsetMs - said) > Math.max(AGREE_MS, limits.clockSkewMs / 10))
    become(m, "alive", "clock-skew", now);
}
