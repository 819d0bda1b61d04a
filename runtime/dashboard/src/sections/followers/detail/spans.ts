import type { VerdictHistory } from "@skein/contracts";

export type Span = VerdictHistory["spans"][number];

/** A stretch of the strip: where it begins and how wide it is, in parts of the whole. */
export interface Stretch {
  readonly span: Span;
  readonly start: number;
  readonly width: number;
}

/** A death of a second in a year must still be seen: no stretch is narrower than this, in parts of the whole. */
const LEAST = 0.004;

/** Verdicts on a strip from `from` to `to`, ms; what lasts reaches to its end. Pure. */
export function stretchesOf({ from, to, spans }: VerdictHistory): readonly Stretch[] {
  const whole = to - from;
  if (whole <= 0) return [];
  return spans.flatMap((span) => {
    const start = Math.max(0, (span.from - from) / whole);
    const end = Math.min(1, ((span.to ?? to) - from) / whole);
    if (end < 0 || start > 1 || end < start) return [];
    const width = Math.max(LEAST, end - start);
    return [{ span, start: Math.min(start, 1 - width), width }];
  });
}
