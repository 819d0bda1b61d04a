/** What went wrong with the file, in our words: the code is what health, log and docs/errors.md name. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { hasCode, messageOf, SkeinError } from "@skein/kit/errors";

export type FailureCode =
  | "HISTORY_BACKUP_FAILED"
  | "HISTORY_CORRUPT"
  | "HISTORY_DISK_FULL"
  | "HISTORY_READ_ONLY"
  | "HISTORY_TOO_NEW"
  | "HISTORY_UNAVAILABLE"
  | "HISTORY_UNREADABLE";

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
}

/** After these the file stays open: a full disk is none of its fault, and answers can still be read. */
export const STAYS_OPEN: readonly string[] = ["HISTORY_DISK_FULL", "HISTORY_BACKUP_FAILED"];

const FULL = 13;
const READ_ONLY = 8;
const CORRUPT = 11;
const NO_DATABASE = 26;

/** SQLite's primary result code (sqlite.org/rescode.html), when it is an error of SQLite's. */
function resultCode(error: unknown): number | undefined {
  const extended = (error as { errcode?: unknown }).errcode;
  return hasCode(error, "ERR_SQLITE_ERROR") && typeof extended === "number" ? extended & 0xff : undefined;
}

export function failureOf(error: unknown, file: string): Failure {
  if (error instanceof SkeinError) return { code: error.code as FailureCode, message: error.message };
  const said = messageOf(error);
  const code = resultCode(error);
  if (code === FULL || hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT"))
    return {
      code: "HISTORY_DISK_FULL",
      message: `No room on the disk for ${file} (${said}). Make room; it goes on by itself.`,
    };
  if (code === READ_ONLY || isReadOnly(file))
    return {
      code: "HISTORY_READ_ONLY",
      message: `${file} cannot be written (${said}). Make its file system writable; it goes on by itself.`,
    };
  if (code === CORRUPT || code === NO_DATABASE)
    return { code: "HISTORY_CORRUPT", message: `${file} is damaged (${said}).` };
  return {
    code: "HISTORY_UNREADABLE",
    message: `${file} cannot be opened or used (${said}). Look at its rights and its disk; it is tried again by itself.`,
  };
}

/** Asked of the file system itself: on a read-only one SQLite and `mkdir` say only that there is no such file. */
function isReadOnly(file: string): boolean {
  let there = file;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
    return false;
  } catch (error) {
    return hasCode(error, "EROFS");
  }
}
