import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Outcome } from "@skein/contracts";
import { SkeinError, isDiskFull, messageOf, writeAtomically } from "@skein/kit";
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
  let compactAt = 0;
  let torn = false;
  let fd: number | undefined;

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
  /** The old file is written to until the new one stands: its number may be another file's as soon as it is closed. */
  const compact = () => {
    writeAtomically(file, [...entries].map(([id, entry]) => text(id, entry)).join(""));
    const fresh = openSync(file, "a", 0o600);
    if (fd !== undefined) closeSync(fd);
    fd = fresh;
    compactAt = entries.size + max * 3;
    lines = entries.size;
  };
  const write = (line: string) => {
    if (fd === undefined) throw new Error("it is closed");
    // What a failed write left there is a line of its own, which is passed over.
    const bytes = Buffer.from(torn ? `\n${line}` : line);
    torn = true;
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    torn = false;
  };
  const append = (id: string, entry: Outcome | "begun") =>
    attempt(() => {
      // What was done was done, written down or not; what could not be written down is not begun.
      if (entry !== "begun") note(id, entry);
      write(text(id, entry));
      if (entry === "begun") {
        fdatasyncSync(fd as number);
        note(id, entry);
      }
      if (++lines < compactAt) return;
      try {
        compact();
      } catch {
        // This command is safe on the disk; a disk that takes nothing any more says so at the next.
        compactAt = lines + max;
      }
    });

  attempt(() => {
    for (const line of readLines(file)) note(line.id, line.outcome ?? "begun");
    try {
      compact();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      // Whoever keeps it shall start all the same; each command that finds no room for its line is refused by itself.
      fd = openSync(file, "a", 0o600);
      torn = true;
      lines = entries.size;
      compactAt = lines + max;
    }
  });
  return {
    look: (id) => entries.get(id),
    begin: (id) => append(id, "begun"),
    finish: (id, outcome) => append(id, outcome),
    close() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
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
