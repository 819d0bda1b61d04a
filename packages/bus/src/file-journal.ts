import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Outcome } from "@skein/contracts";
import { SkeinError, messageOf } from "@skein/kit";
import type { CommandJournal } from "./command-journal";

export interface FileJournal extends CommandJournal {
  close(): void;
}

type Line = { readonly id: string; readonly outcome?: Outcome };

/**
 * A journal that outlives the process: one JSON line when a command is begun (on disk before `begin` returns) and one when it
 * is done. It keeps the last `max` commands and is written anew when it has grown to four times that.
 * A torn last line, as a power cut leaves it, is passed over. @throws SkeinError JOURNAL_UNWRITABLE
 */
export function createFileJournal(file: string, max = 500): FileJournal {
  const entries = new Map<string, Outcome | "begun">();
  let lines = 0;
  let fd: number;

  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new SkeinError(
        "JOURNAL_UNWRITABLE",
        `cannot keep the journal of commands in ${file}: ${messageOf(error)}.`,
        { cause: error },
      );
    }
  };
  const note = (id: string, entry: Outcome | "begun") => {
    entries.delete(id);
    entries.set(id, entry);
    while (entries.size > max) entries.delete(entries.keys().next().value as string);
  };
  const text = (id: string, entry: Outcome | "begun") =>
    `${JSON.stringify(entry === "begun" ? { id } : { id, outcome: entry })}\n`;
  const compact = () => {
    const fresh = `${file}.new`;
    const out = openSync(fresh, "w", 0o600);
    writeSync(out, [...entries].map(([id, entry]) => text(id, entry)).join(""));
    fsyncSync(out);
    closeSync(out);
    renameSync(fresh, file);
    lines = entries.size;
  };
  const append = (id: string, entry: Outcome | "begun") =>
    attempt(() => {
      note(id, entry);
      writeSync(fd, text(id, entry));
      if (entry === "begun") fdatasyncSync(fd);
      if (++lines < max * 4) return;
      closeSync(fd);
      compact();
      fd = openSync(file, "a", 0o600);
    });

  attempt(() => {
    mkdirSync(dirname(file), { recursive: true });
    for (const line of readLines(file)) note(line.id, line.outcome ?? "begun");
    compact();
    fd = openSync(file, "a", 0o600);
  });
  return {
    look: (id) => entries.get(id),
    begin: (id) => append(id, "begun"),
    finish: (id, outcome) => append(id, outcome),
    close: () => closeSync(fd),
  };
}

function readLines(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    try {
      const value = JSON.parse(line) as Line;
      return typeof value.id === "string" ? [value] : [];
    } catch {
      return [];
    }
  });
}
