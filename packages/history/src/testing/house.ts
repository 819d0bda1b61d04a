/** A history in a directory of its own, on a real thread and a real file, and ways to fill it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@skein/kit";
import { type AppendedRow, type History, type HistoryOptions, type JournalRow, openHistory } from "../index";

export interface TestHistory {
  readonly folder: string;
  readonly file: string;
  open(options?: Partial<HistoryOptions>): Promise<History>;
  /** Whether bytes lie in any file of the folder. */
  contains(bytes: string | Uint8Array): boolean;
  /** Closes what was opened and removes the folder. */
  end(): Promise<void>;
}

export function createTestHistory(folder = mkdtempSync(join(tmpdir(), "skein-history-"))): TestHistory {
  const file = join(folder, "history.db");
  const opened: History[] = [];
  return {
    folder,
    file,
    async open(options = {}) {
      const history = await openHistory({
        file,
        clock: systemClock,
        logger: silentLogger,
        commitEveryMs: 50,
        ...options,
      });
      opened.push(history);
      return history;
    },
    contains: (bytes) =>
      readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(Buffer.from(bytes as Uint8Array))),
    async end() {
      for (const history of opened) await history.close();
      // The look at the file that follows a start has a thread of its own, which nobody waits for: it may be opening it just now.
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export const message = (rest: Partial<AppendedRow> = {}): AppendedRow => ({
  source: "bus",
  topic: "skein/v1/followers/cv-1/heartbeat",
  kind: "telemetry",
  payload: Buffer.from("{}"),
  ...rest,
});

export async function rows(
  history: History,
  query: Parameters<History["journal"]["read"]>[0] = {},
): Promise<JournalRow[]> {
  const all: JournalRow[] = [];
  for await (const row of history.journal.read(query)) all.push(row);
  return all;
}
