/** `skein restore FILE`: a house from its backup. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemClock } from "@skein/kit";
import { restoreBackup } from "../backup/restore";
import { houseOptions, versionOfSkein, type CliParts, type HouseFlags } from "./house-options";

export interface RestoreFlags extends HouseFlags {
  readonly file: string;
  readonly replace?: boolean | undefined;
}

/** @throws SkeinError DATA_DIR_IN_USE, DATA_DIR_NOT_EMPTY, BACKUP_INVALID, BACKUP_TOO_NEW */
export async function runRestore(flags: RestoreFlags, { env, say }: CliParts): Promise<void> {
  const { dataDir } = houseOptions(flags, env);
  const { manifest, aside } = await restoreBackup({
    file: resolve(flags.file),
    dataDir,
    version: versionOfSkein(),
    now: systemClock.now(),
    replace: flags.replace ?? false,
  });
  say(
    `The house of ${new Date(manifest.createdAt).toLocaleString()} is in ${dataDir}: ${manifest.files.length} files.`,
  );
  if (aside !== undefined) say(`What was there before is in ${aside}.`);
  if (existsSync(join(dataDir, "flows", "package.json")))
    say(`Node-RED modules are not in a backup. If flows use some: npm install --prefix ${join(dataDir, "flows")}`);
  say("Everybody logs in again. Start it: npm start");
}
