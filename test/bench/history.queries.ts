/** What the page asks of history, each with another follower and another time every time. */
import type { History } from "@skein/history";
import type { Random } from "@skein/kit";
import { FOLLOWERS } from "./history.year";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export function pageQueries(
  history: History,
  { now, days, random }: { readonly now: number; readonly days: number; readonly random: Random },
): { name: string; ask(): Promise<unknown> }[] {
  const follower = () => FOLLOWERS[Math.floor(random.next() * FOLLOWERS.length)] ?? "cv-1";
  const graphs =
    (rangeMs: number, ago = 0) =>
    () =>
      history.series.query({ subject: `follower:${follower()}`, from: now - ago - rangeMs, to: now - ago });
  const events =
    (query: () => Parameters<History["events"]["list"]>[0], mayAudit = true) =>
    () =>
      history.events.list(query(), { mayAudit });
  const sometime = () => now - random.next() * days * DAY;
  return [
    { name: "a follower's graphs, 1 h (12 series)", ask: graphs(HOUR) },
    { name: "a follower's graphs, 6 h", ask: graphs(6 * HOUR) },
    { name: "a follower's graphs, 24 h", ask: graphs(DAY) },
    { name: "a follower's graphs, 7 d", ask: graphs(7 * DAY) },
    { name: "a follower's graphs, 30 d", ask: graphs(30 * DAY) },
    { name: "a follower's graphs, 1 y", ask: graphs(Math.min(days, 365) * DAY) },
    { name: "a follower's graphs, a day last week", ask: graphs(DAY, 7 * DAY) },
    {
      name: "a follower's verdicts, 24 h",
      ask: () => history.verdicts.query({ follower: follower(), from: now - DAY, to: now }),
    },
    {
      name: "a follower's verdicts, 1 y",
      ask: () => history.verdicts.query({ follower: follower(), from: now - 365 * DAY, to: now }),
    },
    { name: "events, newest", ask: events(() => ({})) },
    { name: "events, newest, without the audit log", ask: events(() => ({}), false) },
    { name: "events, the audit log", ask: events(() => ({ audit: "true" })) },
    { name: "events, alarms", ask: events(() => ({ severity: ["alarm"] })) },
    { name: "events of a follower", ask: events(() => ({ subject: `follower:${follower()}` })) },
    { name: "events of a room and a type", ask: events(() => ({ room: "hall", type: ["follower-verdict"] })) },
    { name: "events, words that are often there", ask: events(() => ({ text: "after reboot" })) },
    { name: "events, words that are never there", ask: events(() => ({ text: "no such words" })) },
    {
      name: "events of some day of the year",
      ask: events(() => {
        const to = sometime();
        return { from: to - DAY, to };
      }),
    },
    { name: "journal, 100 rows from somewhere", ask: () => someRows(history, random) },
  ];
}

async function someRows(history: History, random: Random): Promise<number> {
  const { firstSeq = 1, savedSeq } = history.health();
  let count = 0;
  const after = firstSeq + Math.floor(random.next() * Math.max(1, savedSeq - firstSeq - 100));
  for await (const row of history.journal.read({ after, limit: 100 })) count += row.payload.length > 0 ? 1 : 0;
  return count;
}
