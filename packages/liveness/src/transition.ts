import type { VerdictCause, VerdictState } from "@skein/contracts";
import { briefly, type Draft } from "./memory";
import type { Moment } from "./observation";

/** Causes after which an `alive` began anew although nobody saw it end. */
const NEW_LIFE: readonly VerdictCause[] = ["reboot", "agent-restart"];

/**
 * Puts a verdict in force. Two rules keep edges honest:
 * - out of `unknown` into what it was before, `since` and `previous` are taken up again: nothing happened;
 * - `previous` is the last other state that was known, never `unknown`, with when it had last been heard then, so that "back
 *   after 12 minutes" can be read off.
 */
export function become(m: Draft, state: VerdictState, cause: VerdictCause, now: Moment, until?: number): void {
  const { verdict, known } = m;
  const offset = cause === "clock-skew" && m.offsetMs !== undefined ? Math.round(m.offsetMs) : undefined;
  if (verdict.state === state && verdict.cause === cause && verdict.until === until && verdict.clockOffsetMs === offset)
    return;

  const goesOn = known?.state === state && !NEW_LIFE.includes(cause);
  const since =
    state !== "unknown" && goesOn
      ? known.since
      : state === verdict.state && !NEW_LIFE.includes(cause)
        ? verdict.since
        : now.wall;
  const previous = state !== "unknown" && goesOn ? known.previous : known && briefly(known);

  m.verdict = {
    state,
    cause,
    since,
    virtual: m.virtual,
    ...(m.lastSeenAt === undefined ? {} : { lastSeenAt: m.lastSeenAt }),
    ...(until === undefined ? {} : { until }),
    ...(previous ? { previous } : {}),
    ...(offset === undefined ? {} : { clockOffsetMs: offset }),
  };
  if (state !== "unknown") m.known = { state, cause, since, previous, lastSeenAt: m.lastSeenAt };
}

/** Out of `unknown` into the `dead` or `left` that it was before: the same verdict, with its old cause. */
export function takeUpAgain(m: Draft, now: Moment): void {
  if (m.known) become(m, m.known.state, m.known.cause, now);
}
