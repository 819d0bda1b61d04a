/** `skein backup`: the whole house in one file, made by its leader when one runs, and else here. */
import { constants, existsSync, statSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { copyHistoryFile } from "@skein/history";
import { SkeinError, messageOf, silentLogger, systemClock as clock, type Random } from "@skein/kit";
import { backupsDir } from "../backup/write-backup";
import { createBackups } from "../core/backup/backups";
import { prepareDataDir } from "../launcher/data-dir";
import { leaderOf, lockDataDir } from "../launcher/leader-lock";
import type { LeaderOptions } from "../settings";
import { asAdmin } from "./as-admin";
import { houseOptions, versionOfSkein, type CliParts, type HouseFlags } from "./house-options";

export interface BackupFlags extends HouseFlags {
  /** A folder that is there, or a file that is not. */
  readonly to?: string | undefined;
}

/** A large house takes its time. */
const MAKING_MS = 10 * 60_000;

/** Prints where it lies. @throws SkeinError FILE_EXISTS, BACKUP_FAILED, DATA_DIR_IN_USE, DATA_DIR_UNUSABLE */
export async function runBackup(flags: BackupFlags, { env, random, print, say }: CliParts): Promise<void> {
  const options = houseOptions(flags, env);
  const { dataDir } = options;
  const to = flags.to === undefined ? undefined : resolve(flags.to);
  const intoFolder = to !== undefined && existsSync(to) && statSync(to).isDirectory();
  if (to !== undefined && existsSync(to) && !intoFolder)
    throw new SkeinError("FILE_EXISTS", `${to} is already there.`, { hint: "Name another file, or a folder." });
  if (!existsSync(dataDir)) throw failed(`there is no house in ${dataDir}`, "Name one with --data-dir.");
  const id = leaderOf(dataDir) === undefined ? await makeHere(options) : await haveItMade(options, random);
  const made = join(backupsDir(dataDir), id);
  const copy = intoFolder ? join(to, id) : to;
  // The mode goes along: it is its owner's alone.
  if (copy !== undefined) await copyFile(made, copy, constants.COPYFILE_EXCL);
  print(`${copy ?? made}\n`);
  say("It holds every secret of the house: keep it as such.");
}

const failed = (why: string, hint: string, cause?: unknown): SkeinError =>
  new SkeinError("BACKUP_FAILED", `no backup was made: ${why}.`, { hint, cause });

/** No leader may start meanwhile. */
async function makeHere({ dataDir, settings }: LeaderOptions): Promise<string> {
  const unlock = lockDataDir(prepareDataDir(dataDir));
  const history = join(dataDir, "history", "history.db");
  try {
    const { id } = await createBackups({
      dataDir,
      version: versionOfSkein(),
      now: () => clock.now(),
      ...(existsSync(history) && { backupHistory: (file) => copyHistoryFile(history, file) }),
      keep: settings.backup.keep,
      logger: silentLogger,
      onChanged: () => {},
    }).make();
    return id;
  } finally {
    unlock();
  }
}

async function haveItMade(options: LeaderOptions, random: Random): Promise<string> {
  try {
    return await asAdmin(options, random, "order", async (ask) => {
      const { body } = await ask("backups", { patienceMs: MAKING_MS });
      return (body as { id: string }).id;
    });
  } catch (error) {
    throw failed(messageOf(error).replace(/\.$/, ""), "npm run skein -- doctor tells more.", error);
  }
}
