import { z } from "zod";

/** How every error of the API is told: RFC 9457 problem details, with our stable code (docs/errors.md). */
export const problemView = z.object({
  type: z.literal("about:blank"),
  /** The code in words. */
  title: z.string(),
  status: z.int(),
  /** Stable; what a program decides by. */
  code: z.string(),
  /** A sentence for people, with what to do. */
  detail: z.string(),
});
export type ProblemView = z.output<typeof problemView>;
