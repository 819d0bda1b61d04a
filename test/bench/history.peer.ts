/** What one would write first: node:sqlite on the main thread, a row and a commit a message, samples as they come, no roll-ups. */
import { DatabaseSync } from "node:sqlite";
import type { Random } from "@skein/kit";
import { type BusMessage, seriesOf } from "./history.traffic";
import { FOLLOWERS, METRICS } from "./history.year";

export interface Peer {
  take(message: BusMessage, at: number): void;
  /** A follower's graphs of a range, 600 points. */
  graphs(follower: string, from: number, to: number): number;
  close(): void;
}

/** Also fills in one day of samples every 10 s: a year of them would be 365 times as much. */
export function createPeer(file: string, now: number, random: Random): Peer {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec("CREATE TABLE message (seq INTEGER PRIMARY KEY, at REAL, topic TEXT, payload BLOB)");
  db.exec("CREATE TABLE sample (subject TEXT, name TEXT, at REAL, value REAL)");
  const message = db.prepare("INSERT INTO message (at, topic, payload) VALUES (?, ?, ?)");
  const sample = db.prepare("INSERT INTO sample (subject, name, at, value) VALUES (?, ?, ?, ?)");
  db.exec("BEGIN");
  for (let at = now - 86_400_000; at < now; at += 10_000)
    for (const follower of FOLLOWERS)
      for (const name of METRICS) sample.run(`follower:${follower}`, name, at, random.next() * 100);
  db.exec("COMMIT");
  db.exec("CREATE INDEX sample_of ON sample (subject, at)");
  const graphs = db.prepare(
    "SELECT name, floor(at / ?1) * ?1 AS step, avg(value), min(value), max(value) FROM sample WHERE subject = ?2 AND at BETWEEN ?3 AND ?4 GROUP BY name, step",
  );
  return {
    take(one, at) {
      const { subject, figures } = seriesOf(one);
      db.exec("BEGIN");
      message.run(at, one.topic, one.payload);
      for (const [name, value] of figures) sample.run(subject, name, at, value);
      db.exec("COMMIT");
    },
    graphs: (follower, from, to) => graphs.all((to - from) / 600, `follower:${follower}`, from, to).length,
    close: () => db.close(),
  };
}
