import type { EventView } from "@skein/contracts";

const COLUMNS = ["at", "type", "severity", "text", "subject", "room", "actor", "address", "audit"] as const;

/** What is shown as comma-separated values (RFC 4180), the time as ISO 8601. Pure. */
export function csvOf(events: readonly EventView[]): string {
  const rows = events.map((event) => {
    const cells = {
      ...event,
      at: new Date(event.at).toISOString(),
      subject: event.subject && `${event.subject.kind}:${event.subject.id}`,
    };
    return COLUMNS.map((column) => cell(String(cells[column] ?? "")));
  });
  return [COLUMNS, ...rows].map((row) => row.join(",") + "\r\n").join("");
}

/** A text that begins as a formula does would be run by a spreadsheet: an apostrophe makes it a text (OWASP, "CSV injection"). */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
