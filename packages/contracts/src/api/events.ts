import { z } from "zod";

export const severity = z.enum(["info", "notice", "warning", "alarm"]);
export type Severity = z.output<typeof severity>;

/** Something that happened, as history keeps it and the page tells it. */
export const eventView = z.object({
  /** Grows with every event: also the cursor. */
  id: z.int(),
  /** Ms of the leader's clock. */
  at: z.number(),
  /** Kebab-case and stable: `follower-verdict`, `login`, `flows-deployed`. The page has words for those that it knows. */
  type: z.string().max(63),
  severity,
  /** Who did what and from where: for admins only. */
  audit: z.boolean(),
  /** In English, one sentence, for whoever has no words for `type`. */
  text: z.string().max(500),
  /** What it is about. */
  subject: z.object({ kind: z.string().max(32), id: z.string().max(128) }).optional(),
  room: z.string().max(63).optional(),
  /** The account that did it. */
  actor: z.string().max(63).optional(),
  /** The network address that it was done from. */
  address: z.string().max(64).optional(),
  data: z.record(z.string(), z.json()).optional(),
});
export type EventView = z.output<typeof eventView>;
export type NewEvent = Omit<EventView, "id" | "at" | "audit"> & { readonly at?: number; readonly audit?: boolean };

const list = (what: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) => text.split(",").filter((part) => part !== ""))
    .pipe(z.array(what).max(32));
export const eventsQuery = z.strictObject({
  /** From a page's `next`. */
  cursor: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Comma-separated. */
  type: list(z.string()).optional(),
  severity: list(severity).optional(),
  /** `kind` or `kind:id`. */
  subject: z.string().max(200).optional(),
  room: z.string().max(63).optional(),
  /** Ms. */
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  /** Words that occur in the text. */
  text: z.string().max(100).optional(),
  /** Only the audit log, or only the rest; left out: what the asker may see. */
  audit: z.enum(["true", "false"]).optional(),
});
export type EventsQuery = z.output<typeof eventsQuery>;
/** Newest first. */
export const eventsPage = z.object({
  events: z.array(eventView),
  /** Ask again with it for older ones; left out at the end. */
  next: z.int().optional(),
});
export type EventsPage = z.output<typeof eventsPage>;
