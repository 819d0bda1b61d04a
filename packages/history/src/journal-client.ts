/** The journal as its owner has it: rows in without waiting, rows out in order, page by page. */
import { unpackBlock } from "./block";
import type { AppendedRow, Journal } from "./history-types";
import { accountMark, type JournalRow } from "./journal-rows";
import type { Listeners, Owner } from "./owner";

/** What is longer is cut: a topic of ours has 250 characters at most, MQTT allows 65,535. */
const MAX_TOPIC = 4_000;
const MAX_NAME = 80;
const MAX_RESIDENTS = 200;
/** Residents and accounts are told by ids; what a message calls one and is none (nobody has checked it) marks nothing. */
const ID = /^[^,]{1,63}$/;

export function createJournal({ clock, writer, isClosed, ask, askAfterAll }: Owner, saved: Listeners<number>): Journal {
  return {
    append(row) {
      if (isClosed() || row.kind === "media") return;
      writer.journal.push(wellFormed(row, clock.now(), clock.monotonic()));
      writer.added();
    },
    async *read({ after = 0, limit = Infinity } = {}) {
      let left = limit;
      let seen = after;
      let page = left > 0 ? await askAfterAll("journalPage", seen) : undefined;
      for (; page; page = await ask("journalPage", seen)) {
        for (const row of unpackBlock(page.first, page.bytes)) {
          if (row.seq <= seen) continue;
          yield row;
          left -= 1;
          if (left <= 0) return;
        }
        seen = page.last;
      }
    },
    seqAt: (at) => askAfterAll("journalSeqAt", at),
    onSaved: saved.add,
  };
}

const wellFormed = (row: AppendedRow, now: number, monotonicMs: number): Omit<JournalRow, "seq"> => ({
  at: row.at ?? now,
  monotonicMs,
  source: row.source.slice(0, MAX_NAME),
  kind: row.kind.slice(0, MAX_NAME),
  topic: row.topic.slice(0, MAX_TOPIC),
  payload: new Uint8Array(row.payload),
  residents: [...ids(row.residents), ...ids(row.accounts).map(accountMark)].slice(0, MAX_RESIDENTS),
});

const ids = (said: readonly unknown[] = []): string[] =>
  said.filter((id): id is string => typeof id === "string" && ID.test(id));
