/** Makes a backup of a house that runs: each file is copied aside first, so that what is packed is what was summed. */
import { createHash } from "node:crypto";
import { copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SkeinError, hasCode, messageOf } from "@skein/kit";
import { create } from "tar";
import { filesToKeep } from "./collect";
import { MANIFEST, type Manifest } from "./manifest";

export interface BackupParts {
  readonly dataDir: string;
  /** Of this Skein. */
  readonly version: string;
  readonly now: () => number;
  /** Copies the history while it is in use; left out: the house has none that is open. */
  readonly backupHistory?: ((file: string) => Promise<unknown>) | undefined;
}

export const backupsDir = (dataDir: string): string => join(dataDir, "backups");
/** `skein-20261125T052519123Z.tar.gz` */
export const backupId = (at: number): string => `skein-${new Date(at).toISOString().replaceAll(/[-:.]/g, "")}.tar.gz`;

/** What one that was killed left in the midst of its work. */
const LEFT_BEHIND = /^\.(making|packing)-/;

/** One at a time: what another one has half done is taken for left behind. @returns the file's name in `<dataDir>/backups/`. @throws SkeinError BACKUP_FAILED; then nothing is left of it */
export async function writeBackup({ dataDir, version, now, backupHistory }: BackupParts): Promise<string> {
  const createdAt = now();
  const id = backupId(createdAt);
  const folder = backupsDir(dataDir);
  const aside = join(folder, `.making-${id}`);
  const packed = join(folder, `.packing-${id}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A whole house each, and first of all room on the disk.
    for (const name of await readdir(folder))
      if (LEFT_BEHIND.test(name)) await rm(join(folder, name), { recursive: true, force: true });
    await mkdir(aside, { recursive: true, mode: 0o700 });
    const files: Manifest["files"] = [];
    for (const path of await filesToKeep(dataDir)) {
      const copy = join(aside, path);
      await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
      const there = await copyFile(join(dataDir, path), copy).then(() => true, isGone);
      if (there) files.push({ path, ...(await sumOf(copy)) });
    }
    if (backupHistory) {
      const path = "history/history.db";
      await mkdir(join(aside, "history"), { recursive: true, mode: 0o700 });
      await backupHistory(join(aside, path));
      files.push({ path, ...(await sumOf(join(aside, path))) });
    }
    const manifest: Manifest = { format: 1, version, createdAt, files };
    await writeFile(join(aside, MANIFEST), JSON.stringify(manifest), { mode: 0o600 });
    const all = [MANIFEST, ...files.map(({ path }) => path)];
    await create({ file: packed, gzip: true, portable: true, cwd: aside, noDirRecurse: true }, all);
    const handle = await open(packed, "r+");
    await handle.chmod(0o600);
    await handle.sync();
    await handle.close();
    await rename(packed, join(folder, id));
    return id;
  } catch (error) {
    throw new SkeinError("BACKUP_FAILED", `no backup was made: ${messageOf(error)}.`, {
      hint: "Is the disk full? The backups before it are as they were.",
      cause: error,
    });
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => {});
    await rm(packed, { force: true }).catch(() => {});
  }
}

/** Removed between the look and the copy: then it is none of the house's any more. */
function isGone(error: unknown): false {
  if (hasCode(error, "ENOENT")) return false;
  throw error;
}

async function sumOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const { size: bytes } = await stat(file);
  const hash = createHash("sha256");
  const handle = await open(file, "r");
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}
