import type { EventView, Severity } from "@skein/contracts";

/**
 * Which events are wanted, and the same as a place of the page, so that a link shows another person what one sees:
 * `#/events/severity=warning,alarm&subject=follower:attic`. Pure.
 */
export interface Filters {
  /** Words that occur in the text. */
  readonly text?: string;
  /** Any of them. */
  readonly type?: readonly string[];
  readonly severity?: readonly Severity[];
  /** `kind` or `kind:id`. */
  readonly subject?: string;
  readonly room?: string;
  /** First and last day, both within, as the reader's calendar has them: `2026-11-25`. */
  readonly from?: string;
  readonly to?: string;
  /** `only`: the audit log; `none`: all but it; left out: what one may see. */
  readonly audit?: "only" | "none";
}

export const SEVERITIES: readonly Severity[] = ["info", "notice", "warning", "alarm"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NAMES = ["text", "type", "severity", "subject", "room", "from", "to", "audit"] as const;

/** The part of the place behind `events`; empty for no filter. A list stands with commas, as in the API. */
export function partOf(filters: Filters): string {
  const params = new URLSearchParams();
  for (const name of NAMES) {
    const value = filters[name];
    if (value !== undefined && value.length > 0) params.set(name, typeof value === "string" ? value : value.join(","));
  }
  return params.toString();
}

/** The place's address. What needs no escape in a hash is left readable. */
export function hrefOf(filters: Filters): string {
  const part = partOf(filters);
  if (part === "") return "#/events";
  const readable = encodeURIComponent(part).replace(/%(3D|26|3A|2C|2B)/g, decodeURIComponent);
  return `#/events/${readable.replaceAll("%252C", ",").replaceAll("%253A", ":")}`;
}

/** What a place says; what no filter could say is left out, since people shorten links by hand. */
export function filtersOf(part: string | undefined): Filters {
  const params = new URLSearchParams(part ?? "");
  const one = (name: string) => params.get(name)?.slice(0, 200) || undefined;
  const list = (name: string) => {
    const all = one(name)?.split(",").filter(Boolean) ?? [];
    return all.length > 0 ? all : undefined;
  };
  const day = (name: string) => (DAY.test(one(name) ?? "") ? one(name) : undefined);
  const severity = list("severity")?.filter((each): each is Severity => SEVERITIES.some((known) => known === each));
  const audit = one("audit");
  const all = {
    text: one("text")?.slice(0, 100),
    type: list("type"),
    severity: severity && severity.length > 0 ? severity : undefined,
    subject: one("subject"),
    room: one("room"),
    from: day("from"),
    to: day("to"),
    audit: audit === "only" || audit === "none" ? audit : undefined,
  } satisfies Filters;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The question to the API for one page of them. */
export function queryOf(filters: Filters, limit: number, cursor?: number): string {
  const { text, type, severity, subject, room, audit } = filters;
  const { from, to } = timesOf(filters);
  const asked = {
    limit,
    cursor,
    text,
    type: type?.join(","),
    severity: severity?.join(","),
    subject,
    room,
    from,
    to,
    audit: audit && String(audit === "only"),
  };
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) params.set(name, String(value));
  return params.toString();
}

/** From the first day's beginning to the last day's end, ms, in the reader's own time. */
export function timesOf({ from, to }: Filters): { readonly from?: number; readonly to?: number } {
  return {
    ...(from !== undefined && { from: new Date(`${from}T00:00:00`).getTime() }),
    ...(to !== undefined && { to: new Date(`${to}T23:59:59.999`).getTime() }),
  };
}

/** Whether an event that happens now is one of those that are shown. */
export function matches(event: EventView, filters: Filters): boolean {
  const { from = -Infinity, to = Infinity } = timesOf(filters);
  const [kind, ...id] = filters.subject?.split(":") ?? [];
  return (
    event.at >= from &&
    event.at <= to &&
    (filters.type?.includes(event.type) ?? true) &&
    (filters.severity?.includes(event.severity) ?? true) &&
    (filters.room === undefined || event.room === filters.room) &&
    (filters.audit === undefined || event.audit === (filters.audit === "only")) &&
    (kind === undefined || (event.subject?.kind === kind && (id.length === 0 || event.subject.id === id.join(":")))) &&
    event.text.toLowerCase().includes(filters.text?.toLowerCase() ?? "")
  );
}

/** How many say something, for the folded bar of a phone. */
export const countOf = (filters: Filters): number => Object.keys(filters).length;
