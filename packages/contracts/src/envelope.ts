import { z } from "zod";

/**
 * What every JSON message is wrapped in: `{...envelope, data}`. Who, when, in which life, in which order, and because of
 * what. The times are the sender's; nobody judges a deadline by another machine's clock without its offset.
 */
export const envelope = z.object({
  /** Unique, sorts by time (UUID version 7). A will's is made when its connection is. */
  id: z.string().min(1).max(64),
  /** When it was sent, ms since 1970 by the sender's clock. */
  at: z.number().min(0),
  /** The sender's id: a follower's, `leader`, or a flow host's. Must fit the topic. */
  from: z.string().min(1).max(63),
  /** New at every start of the sending process. */
  run: z.string().min(1).max(64),
  /** New at every connection to the bus. */
  session: z.string().min(1).max(64),
  /** Counts from 1 within a session: a hole is a lost message. */
  seq: z.int().min(0),
  /** W3C Trace Context, version 00. */
  trace: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional(),
  /** Ids of the messages that this one follows from, for joins and batches. */
  causes: z.array(z.string().max(64)).max(32).optional(),
  /** On what the leader writes: the term of its lease. A command bears the last one its issuer saw. */
  epoch: z.int().min(0).optional(),
  /** On commands only. */
  command: z
    .object({
      /** How long it is worth carrying out, ms from when it was issued. */
      ttlMs: z.int().min(1).max(86_400_000),
      /** The same as a moment of the leader's clock, when the issuer knows its offset to it. */
      expiresAt: z.number().optional(),
      /** The target's run it is meant for: after a restart it is stale. */
      run: z.string().max(64).optional(),
    })
    .optional(),
});

export type Envelope = z.output<typeof envelope>;
