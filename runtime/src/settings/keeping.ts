/** What is remembered and kept. */
import { z } from "zod";

/** What is remembered, and for how long (docs/history.md). */
export const historySettings = z
  .strictObject({
    /** Days of the journal. Default 30. */
    journalDays: z.int().min(1).max(3650).optional(),
    /** Megabytes (2^20) of the journal at most. Default 1024. */
    journalMb: z.int().min(16).max(1_000_000).optional(),
    /** Days of events and verdicts. Default two years. */
    eventsDays: z.int().min(1).max(3650).optional(),
    /**
     * Megabytes (2^20) of all that is remembered, 1024 at least. Default 4096. What is over it is taken from journal and events:
     * metrics are not cut, and a year of twenty followers' takes 471.
     */
    fileMb: z.int().min(1024).max(1_000_000).optional(),
  })
  .prefault({});

/** Of the whole house, made while it runs (docs/backup.md). */
export const backupSettings = z
  .strictObject({
    /** One a day by itself. */
    enabled: z.boolean().default(true),
    /** At this time of the clock on the wall; one that was missed is made up for. */
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day, as 03:30")
      .default("03:30"),
    /** So many are kept, the newest. */
    keep: z.int().min(1).max(1000).default(7),
  })
  .prefault({});
