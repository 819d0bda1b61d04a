/** What the leader believed of each follower, change by change. Worker side. */
import type { DatabaseSync } from "node:sqlite";
import type { VerdictHistory } from "@skein/contracts";
import type { VerdictChange } from "./protocol";
import { type Change, spansOf } from "./verdict-spans";

/** So many changes are shown at most, the newest of the range: more than a graph can tell apart. */
const MOST = 5_000;

export class VerdictTable {
  constructor(private readonly db: DatabaseSync) {}

  /** In the caller's transaction. What is as it was (a leader's restart tells all again) is no change. */
  add(changes: readonly VerdictChange[]): void {
    const last = this.db.prepare("SELECT state, cause FROM verdict WHERE follower = ? ORDER BY id DESC LIMIT 1");
    const insert = this.db.prepare("INSERT INTO verdict (follower, at, state, cause) VALUES (?, ?, ?, ?)");
    for (const { follower, at, state, cause } of changes) {
      const before = last.get(follower) as unknown as Change | undefined;
      if (before?.state !== state || before.cause !== cause) insert.run(follower, at, state, cause);
    }
  }

  history(follower: string, from: number, to: number): VerdictHistory {
    // From what held at the beginning to the first change after the end, which says until when the last one held.
    const changes = this.db
      .prepare(
        `SELECT at, state, cause FROM verdict WHERE follower = ?1
         AND id >= coalesce((SELECT max(id) FROM verdict WHERE follower = ?1 AND at <= ?2), 0)
         AND id <= coalesce((SELECT min(id) FROM verdict WHERE follower = ?1 AND id >
           coalesce((SELECT max(id) FROM verdict WHERE follower = ?1 AND at <= ?3), 0)), ${Number.MAX_SAFE_INTEGER})
         ORDER BY id DESC LIMIT ${MOST}`,
      )
      .all(follower, from, to) as unknown as Change[];
    return { from, to, spans: spansOf(changes.toReversed(), from, to) };
  }

  /** Deletes what is older, but for each follower's last one: it may still hold. */
  deleteOlder(before: number): void {
    this.db
      .prepare("DELETE FROM verdict WHERE at < ? AND id NOT IN (SELECT max(id) FROM verdict GROUP BY follower)")
      .run(before);
  }
}
