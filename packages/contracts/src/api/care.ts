import { z } from "zod";

/** Why a check is as it is: stable, for whoever says it in another language. */
export const checkReason = z.enum([
  "broker-up",
  "broker-starting",
  "broker-down",
  "bus-up",
  "bus-down",
  "disk-roomy",
  "disk-low",
  "disk-full",
  "journal-written",
  "journal-failing",
  "journal-damaged",
  "journal-untended",
  "loops-in-time",
  "loops-busy",
  "core-stalled",
  "broker-stalled",
  "flow-host-stalled",
  "clock-even",
  "clock-set",
  "clock-unkept",
  "certificates-none",
  "certificate-good",
  "certificate-ending",
  "certificate-at-end",
  "certificate-unreadable",
  "backup-new",
  "backup-missed",
  "backup-overdue",
  "backup-none",
  "backup-by-hand-old",
  "backup-by-hand-none",
]);
export type CheckReason = z.output<typeof checkReason>;

/** One thing the house looks after in itself. */
export const checkView = z.object({
  /** `broker`, `bus`, `disk`, `journal`, `event-loops`, `clock`, `certificates`, `backup`. */
  id: z.string(),
  state: z.enum(["ok", "warn", "bad", "unknown"]),
  /** In English, with what to do when it is not ok. */
  text: z.string(),
  /** None where it could not be looked at. */
  reason: checkReason.optional(),
  /** The figure behind it, when there is one; the unit stands in its name: `freeBytes`. */
  figures: z.record(z.string(), z.number()).optional(),
  /** The file that it is about, when it is one. */
  file: z.string().optional(),
  since: z.number(),
});
export type CheckView = z.output<typeof checkView>;
export const careView = z.object({ at: z.number(), state: checkView.shape.state, checks: z.array(checkView) });
export type CareView = z.output<typeof careView>;

export const backupView = z.object({
  /** The file's name. */
  id: z.string(),
  at: z.number(),
  bytes: z.int(),
  version: z.string(),
});
export type BackupView = z.output<typeof backupView>;
