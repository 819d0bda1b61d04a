/** A child's words: all of them into `logs/<part>.log`, which is turned over by size; what is an error also to the console, shortly. */
import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from "node:fs";
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

export function openChildLog(file: string, toConsole: (line: string) => void, maxBytes = MAX_BYTES): ChildLog {
  let written = existsSync(file) ? statSync(file).size : 0;
  let out = open(file);
  return {
    follow(stream) {
      // A launcher that ends takes the reader with it; that is no error of ours.
      stream.on("error", () => {});
      createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
        if (written > maxBytes) {
          out.end();
          renameSync(file, `${file}.1`);
          out = open(file);
          written = 0;
        }
        out.write(`${line}\n`);
        written += Buffer.byteLength(line) + 1;
        const short = errorOf(line);
        if (short !== undefined) toConsole(short);
      });
    },
    close: () => out.end(),
  };
}

function open(file: string): WriteStream {
  const out = createWriteStream(file, { flags: "a", mode: 0o600 });
  // A full disk must not end the leader; the line is lost.
  out.on("error", () => {});
  return out;
}

/** The message of a pino line of level error or worse. */
export function errorOf(line: string): string | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if (typeof level !== "number" || level < ERROR) return undefined;
    const detail = err?.message !== undefined && err.message !== msg ? `: ${err.message}` : "";
    return `${msg ?? ""}${detail}`.slice(0, 300);
  } catch {
    return undefined;
  }
}
