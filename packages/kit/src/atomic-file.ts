/** A small file that is either the old one or the new one, never half of it, whatever happens to the power. */
import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { hasCode } from "./errors";

/**
 * Writes `text` (UTF-8) aside, syncs it, renames it to `file` and syncs the folder, so that it is on the disk when this
 * returns. Makes the folder (mode 0700) where there is none. `mode`: the file's rights, whatever the umask; default 0600.
 * @throws what node:fs throws; the old file then stands as it was, and nothing is left aside
 */
export function writeAtomically(file: string, text: string, { mode = 0o600 }: { mode?: number } = {}): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The process in its name: two that write the same file at once do not mix their texts.
  const aside = `${file}.${process.pid}.next`;
  try {
    withHandle(aside, "w", (handle) => {
      fchmodSync(handle, mode);
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
      fsyncSync(handle);
    });
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** Without it a power cut may undo the renaming. Some file systems cannot; the file is in its place all the same. */
function syncFolder(folder: string): void {
  try {
    withHandle(folder, "r", fsyncSync);
  } catch (error) {
    if (!["EINVAL", "ENOTSUP", "EPERM", "EISDIR"].some((code) => hasCode(error, code))) throw error;
  }
}

function withHandle(path: string, flags: string, work: (handle: number) => void): void {
  const handle = openSync(path, flags, 0o600);
  try {
    work(handle);
  } finally {
    closeSync(handle);
  }
}
