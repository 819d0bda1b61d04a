/**
 * How far a write-ahead log is committed, from its bytes (sqlite.org/fileformat2.html, "The Write-Ahead Log"). Checksums are not
 * looked at: it is read between two commits, when all frames are whole. Whether they were synced cannot be seen in them.
 */
import { existsSync, readFileSync } from "node:fs";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

export interface CommittedWal {
  /** Changes whenever the log begins anew. */
  readonly salt: string;
  /** Bytes up to the end of the last commit. */
  readonly end: number;
}

export function committedWal(file: string): CommittedWal {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  if (bytes.length < HEADER_BYTES) return { salt: "", end: 0 };
  const salt = bytes.toString("hex", 16, 24);
  const frameBytes = FRAME_HEADER_BYTES + bytes.readUInt32BE(8);
  let end = HEADER_BYTES;
  for (let at = HEADER_BYTES; at + frameBytes <= bytes.length; at += frameBytes) {
    // A frame of an earlier pass bears the salt of that pass.
    if (bytes.toString("hex", at + 8, at + 16) !== salt) break;
    // The database's size in pages stands in the last frame of a commit only.
    if (bytes.readUInt32BE(at + 4) !== 0) end = at + frameBytes;
  }
  return { salt, end };
}
