/** The events' table: what happened, newest first, by filter and cursor. Worker side. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { EventsPage, EventsQuery, EventView } from "@skein/contracts";
import { countOld, EARLIEST_MS } from "./age-clock";
import { raiseCounter, readCounter } from "./schema";
import { isWithin, type AccountSpan, type ResidentQuestion } from "./whose";

interface EventRow {
  readonly id: number;
  readonly at: number;
  readonly type: string;
  readonly severity: EventView["severity"];
  readonly audit: number;
  readonly text: string;
  readonly subject_kind: string | null;
  readonly subject_id: string | null;
  readonly room: string | null;
  readonly actor: string | null;
  readonly address: string | null;
  readonly data: string | null;
}

/** What stays of an audit event when the person who did it is forgotten. */
const FORGOTTEN = "Removed with a resident's data.";
/** Deleted in one step. */
const STEP_EVENTS = 500;

export class EventTable {
  constructor(private readonly db: DatabaseSync) {}

  lastId = (): number => readCounter(this.db, "event");

  /** In the caller's transaction. */
  add(events: readonly EventView[]): void {
    const insert = this.db.prepare(
      "INSERT INTO event (id, at, type, severity, audit, text, subject_kind, subject_id, room, actor, address, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    for (const event of events) {
      const { id, at, type, severity, audit, text, subject, room, actor, address, data } = event;
      const rest = [subject?.kind, subject?.id, room, actor, address, data && JSON.stringify(data)];
      insert.run(id, at, type, severity, audit ? 1 : 0, text, ...rest.map((value) => value ?? null));
    }
    raiseCounter(this.db, "event", events.at(-1)?.id ?? 0);
  }

  list(query: EventsQuery, mayAudit: boolean): EventsPage {
    const { where, values } = conditions(query, mayAudit);
    const rows = this.db
      .prepare(`SELECT * FROM event WHERE ${where.join(" AND ")} ORDER BY id DESC LIMIT ?`)
      .all(...values, query.limit + 1) as unknown as EventRow[];
    const events = rows.slice(0, query.limit).map(viewOf);
    const last = events.at(-1);
    return { events, ...(rows.length > query.limit && last ? { next: last.id } : {}) };
  }

  /** Deletes a step's worth of what is older. @returns true when there may be more */
  deleteOlder(before: number, now: number): boolean {
    const oldest = this.db
      .prepare("SELECT at FROM event ORDER BY id LIMIT ?")
      .all(STEP_EVENTS) as unknown as EventRow[];
    const times = oldest.map(({ at }) => at);
    const later = this.db.prepare("SELECT at FROM event WHERE at BETWEEN ? AND ? ORDER BY id LIMIT 1");
    const count = countOld(times, before, now, () => (later.get(EARLIEST_MS, now) as EventRow | undefined)?.at);
    return count > 0 && this.deleteOldest(count) && count === STEP_EVENTS;
  }
  /** Deletes the oldest, `most` of them or a step's worth. @returns false when there are none */
  deleteOldest(most = STEP_EVENTS): boolean {
    const sql = "DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY id LIMIT ?)";
    return this.changed(sql, Math.min(most, STEP_EVENTS)) > 0;
  }
  count = (): number => (this.db.prepare("SELECT count(*) AS n FROM event").get() as { n: number }).n;

  /** What a resident or an account of theirs is the subject of, and what their accounts did. */
  about(
    resident: ResidentQuestion,
    limit: number,
    mayAudit: boolean,
  ): { count: number; newest: { at: number; what: string }[] } {
    const { sql, values } = concerning(resident);
    const rows = this.db
      .prepare(`SELECT at, text, audit FROM event WHERE ${sql} ORDER BY id DESC`)
      .all(...values) as unknown as EventRow[];
    const shown = rows.filter(({ audit }) => mayAudit || audit === 0).slice(0, limit);
    return { count: rows.length, newest: shown.map(({ at, text }) => ({ at, what: text })) };
  }

  /** Deletes these; of the audit log's, type and time stay, so that its numbers have no hole that nobody can explain. */
  forget(resident: ResidentQuestion): number {
    const { sql, values } = concerning(resident);
    return (
      this.changed(`DELETE FROM event WHERE audit = 0 AND ${sql}`, ...values) +
      this.changed(
        `UPDATE event SET text = ?, subject_kind = NULL, subject_id = NULL, room = NULL, actor = NULL, address = NULL, data = NULL WHERE ${sql}`,
        FORGOTTEN,
        ...values,
      )
    );
  }

  private changed = (sql: string, ...values: SQLInputValue[]): number =>
    Number(this.db.prepare(sql).run(...values).changes);
}

/** What `forget` makes of an event that is not in the file yet; undefined: nothing is left of it. */
export function forgotten(event: EventView, { id, actors }: ResidentQuestion): EventView | undefined {
  const { subject, actor, at } = event;
  const isTheirs =
    (subject?.kind === "resident" && subject.id === id) ||
    actors.some(
      (account) =>
        isWithin(account, at) && (account.id === actor || (subject?.kind === "account" && account.id === subject.id)),
    );
  if (!isTheirs) return event;
  if (!event.audit) return undefined;
  return { id: event.id, at: event.at, type: event.type, severity: event.severity, audit: true, text: FORGOTTEN };
}

/** The same in SQL: what a resident is the subject of, and what they did or had done to them by an account while it was theirs. */
function concerning({ id, actors }: ResidentQuestion): { sql: string; values: SQLInputValue[] } {
  const one = "((actor = ? OR (subject_kind = 'account' AND subject_id = ?)) AND at >= ? AND at < ?)";
  return {
    sql: `(${["(subject_kind = 'resident' AND subject_id = ?)", ...actors.map(() => one)].join(" OR ")})`,
    values: [id, ...actors.flatMap(valuesOf)],
  };
}
const valuesOf = ({ id, from, until }: AccountSpan): SQLInputValue[] => [
  id,
  id,
  from ?? Number.MIN_SAFE_INTEGER,
  until ?? Number.MAX_SAFE_INTEGER,
];
const marks = (values: readonly unknown[]): string => values.map(() => "?").join(", ");

function conditions(query: EventsQuery, mayAudit: boolean): { where: string[]; values: SQLInputValue[] } {
  const where = ["1"];
  const values: SQLInputValue[] = [];
  const and = (sql: string, ...more: readonly SQLInputValue[]) => {
    where.push(sql);
    values.push(...more);
  };
  if (query.cursor !== undefined) and("id < ?", query.cursor);
  if (query.type && query.type.length > 0) and(`type IN (${marks(query.type)})`, ...query.type);
  // The + keeps SQLite from other indexes than those that narrow a lot.
  if (query.severity && query.severity.length > 0) and(`+severity IN (${marks(query.severity)})`, ...query.severity);
  if (query.subject !== undefined) {
    const [kind = "", ...id] = query.subject.split(":");
    and("subject_kind = ?", kind);
    if (id.length > 0) and("subject_id = ?", id.join(":"));
  }
  if (query.room !== undefined) and("room = ?", query.room);
  if (query.from !== undefined) and("at >= ?", query.from);
  if (query.to !== undefined) and("at <= ?", query.to);
  for (const word of query.text?.split(/\s+/).filter((part) => part !== "") ?? [])
    and(String.raw`text LIKE ? ESCAPE '\'`, `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  if (!mayAudit) and("audit = 0");
  if (query.audit !== undefined) and("audit = ?", query.audit === "true" ? 1 : 0);
  return { where, values };
}

function viewOf(row: EventRow): EventView {
  const { id, at, type, severity, text } = row;
  return {
    id,
    at,
    type,
    severity,
    audit: row.audit === 1,
    text,
    ...(row.subject_kind !== null && row.subject_id !== null
      ? { subject: { kind: row.subject_kind, id: row.subject_id } }
      : {}),
    ...(row.room === null ? {} : { room: row.room }),
    ...(row.actor === null ? {} : { actor: row.actor }),
    ...(row.address === null ? {} : { address: row.address }),
    ...(row.data === null ? {} : { data: JSON.parse(row.data) as NonNullable<EventView["data"]> }),
  };
}
