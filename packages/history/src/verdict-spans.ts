/** From changes to stretches. Pure. */
import type { VerdictHistory } from "@skein/contracts";

type Span = VerdictHistory["spans"][number];
export interface Change {
  readonly at: number;
  readonly state: string;
  readonly cause: string;
}

/**
 * Stretches of one verdict each from changes in the order in which they were told. A change that tells of an earlier time than the
 * one before it (the clock was set back) takes the place of what was told of the time after: what is known last holds.
 */
export function spansOf(changes: readonly Change[], from: number, to: number): Span[] {
  const told: Change[] = [];
  for (const change of changes) {
    while (told.length > 0 && (told.at(-1)?.at ?? 0) >= change.at) told.pop();
    told.push(change);
  }
  return told
    .map(({ at, state, cause }, index): Span => {
      const next = told[index + 1];
      return { from: at, ...(next ? { to: next.at } : {}), state, cause };
    })
    .filter((span) => span.from <= to && (span.to ?? Infinity) >= from);
}
