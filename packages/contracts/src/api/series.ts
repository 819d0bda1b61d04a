import { z } from "zod";

/** `1h`, `6h`, `24h`, `7d`, `30d`, `1y`: the page's own choices; or `from` and `to` in ms. */
export const seriesQuery = z.strictObject({
  range: z
    .string()
    .regex(/^\d{1,4}[hdy]$/, "a number and h, d or y, as 6h")
    .optional(),
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  /** Ms between points; left out: so that at most 600 come. */
  step: z.coerce.number().int().min(10_000).optional(),
});

/** `[at, mean, min, max]`; what was not measured is no point. */
export const seriesPoint = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export const seriesView = z.object({
  /** `cpuPercent`, `temperatureC`: the unit stands in the name. */
  name: z.string(),
  points: z.array(seriesPoint),
});
export const seriesAnswer = z.object({
  from: z.number(),
  to: z.number(),
  stepMs: z.number(),
  series: z.array(seriesView),
});
export type SeriesAnswer = z.output<typeof seriesAnswer>;

/** A stretch of one verdict. */
export const verdictSpan = z.object({
  from: z.number(),
  /** Left out: it lasts. */
  to: z.number().optional(),
  state: z.string(),
  cause: z.string(),
});
export const verdictHistory = z.object({ from: z.number(), to: z.number(), spans: z.array(verdictSpan) });
export type VerdictHistory = z.output<typeof verdictHistory>;
