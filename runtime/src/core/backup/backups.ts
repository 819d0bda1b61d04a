/** The backups of a running house in `<dataDir>/backups/`: made, listed, handed out, removed. */
import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { BackupView } from "@skein/contracts";
import { SkeinError, hasCode, messageOf, type Logger } from "@skein/kit";
import { readManifest } from "../../backup/read-manifest";
import { backupsDir, writeBackup, type BackupParts } from "../../backup/write-backup";
import type { OnChanged } from "../event-sink";
import { tooMany } from "./schedule";

export interface Backups {
  /** Newest first. */
  list(): Promise<BackupView[]>;
  /** Whoever asks while one is being made gets that one. The oldest beyond `keep` go. @throws SkeinError BACKUP_FAILED */
  make(): Promise<BackupView>;
  /** The file of this name. @throws SkeinError BACKUP_UNKNOWN */
  fileOf(id: string): Promise<string>;
  /** @throws SkeinError BACKUP_UNKNOWN */
  remove(id: string): Promise<void>;
}

/** Stands for the version of one that cannot be read. */
export const DAMAGED = "damaged";
/** What backupId makes: nothing that leads to another folder. */
const ID = /^skein-\d{8}T\d{9}Z\.tar\.gz$/;

export interface BackupsParts extends BackupParts {
  /** So many stay. */
  readonly keep: number;
  readonly logger: Logger;
  readonly onChanged: OnChanged;
}

/** Those in a data directory, newest first, whether its leader runs or not. */
export const listBackups = async (dataDir: string): Promise<BackupView[]> =>
  Promise.all((await namesIn(backupsDir(dataDir))).map((id) => viewOf(join(backupsDir(dataDir), id))));

/** Newest first. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder))
      .filter((name) => ID.test(name))
      .toSorted()
      .toReversed();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

async function viewOf(file: string): Promise<BackupView> {
  const { size, mtimeMs } = await stat(file);
  const manifest = await readManifest(file).catch(() => undefined);
  return {
    id: basename(file),
    at: manifest?.createdAt ?? mtimeMs,
    bytes: size,
    version: manifest?.version ?? DAMAGED,
  };
}

export function createBackups(parts: BackupsParts): Backups {
  const folder = backupsDir(parts.dataDir);
  let making: Promise<BackupView> | undefined;
  const fileOf = async (id: string): Promise<string> => {
    if (!(await namesIn(folder)).includes(id)) throw new SkeinError("BACKUP_UNKNOWN", "there is no such backup.");
    return join(folder, id);
  };
  /** The one that was just made stays, whatever the clock said when the others were. */
  const removeOldest = async (made: string): Promise<void> => {
    const older = (await namesIn(folder)).filter((name) => name !== made);
    for (const name of tooMany(older, parts.keep - 1)) await rm(join(folder, name));
  };
  const make = async (): Promise<BackupView> => {
    const made = await writeBackup(parts);
    await removeOldest(made).catch((error: unknown) =>
      parts.logger.warn({ err: error }, `old backups could not be removed: ${messageOf(error)}`),
    );
    return viewOf(join(folder, made));
  };
  return {
    list: () => listBackups(parts.dataDir),
    make() {
      making ??= make().finally(() => {
        making = undefined;
        parts.onChanged("backups");
      });
      return making;
    },
    fileOf,
    async remove(id) {
      await rm(await fileOf(id));
      parts.onChanged("backups");
    },
  };
}
