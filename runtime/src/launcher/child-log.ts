/** A child's words: all of them into `logs/<part>.log`, which is turned over by size; what is an error also to the console, shortly. */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Two files of this size at most a part, bytes. */
const MAX_BYTES = 5 * 1024 * 1024;
/** pino's number for `error`. */
const ERROR = 50;

export interface ChildLog {
  /** Follows a stream until it ends. */
  follow(stream: Readable): void;
  close(): void;
}

/** Never throws: what cannot be written is lost. `toConsole` gets what is an error; `maxBytes`: the file is turned over beyond. */
export function openChildLog(file: string, toConsole: (line: string) => void, maxBytes = MAX_BYTES): ChildLog {
  let written = 0;
  let out: number | undefined;
  // A log that cannot be written (a full disk) must not end the leader: the line is lost.
  const quietly = (work: () => void): void => {
    try {
      work();
    } catch {
      // Lost.
    }
  };
  const open = () => {
    out = openSync(file, "a", 0o600);
    written = fstatSync(out).size;
  };
  const turnOver = () => {
    if (out !== undefined) closeSync(out);
    out = undefined;
    renameSync(file, `${file}.1`);
    open();
  };
  quietly(open);
  return {
    follow(stream) {
      // A part that dies takes its end of the pipe with it.
      stream.on("error", () => {});
      createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
        quietly(() => {
          if (written > maxBytes) turnOver();
          if (out === undefined) open();
          if (out !== undefined) written += writeSync(out, `${line}\n`);
        });
        const short = errorOf(line);
        if (short !== undefined) toConsole(short);
      });
    },
    close: () =>
      quietly(() => {
        if (out !== undefined) closeSync(out);
        out = undefined;
      }),
  };
}

/** The message of a pino line of level error or worse. */
export function errorOf(line: string): string | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if (typeof level !== "number" || level < ERROR) return undefined;
    // Most say why themselves, and what was logged beside it says it again, with its causes.
    const said = msg?.slice(msg.indexOf(": ") + 1).trim();
    const told = said !== undefined && (err?.message?.startsWith(said) || said.endsWith(err?.message ?? ""));
    const detail = err?.message !== undefined && !told ? `: ${err.message}` : "";
    return `${msg ?? ""}${detail}`.slice(0, 300);
  } catch {
    return undefined;
  }
}
