/** The looks at this machine that `skein doctor` takes too, beside a leader that runs or does not. */
import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import type { Clock } from "@skein/kit";
import type { LeaderSettings } from "../../settings";
import { DAMAGED, type Backups } from "../backup/backups";
import { judgeBackup, judgeCertificates, judgeDisk, type Judgement } from "./judge";

type Now = Pick<Clock, "now">;

/** @throws the system's error when there is no such directory */
export async function lookAtDisk(dataDir: string): Promise<Judgement> {
  const { bavail, blocks, bsize } = await statfs(dataDir);
  return judgeDisk(bavail * bsize, blocks * bsize);
}

/** The PEM files of certificates that the settings name. */
export const certificatesOf = ({ http, bus }: Pick<LeaderSettings, "http" | "bus">): string[] =>
  [http.tls?.cert, bus.tls?.cert, bus.listenTls?.cert].filter((file) => file !== undefined);

export async function lookAtCertificates(files: readonly string[], clock: Now): Promise<Judgement> {
  return judgeCertificates(Object.fromEntries(await Promise.all(files.map((file) => endsIn(file, clock)))));
}

export async function lookAtNewestBackup(
  backups: Pick<Backups, "list">,
  { enabled }: Pick<LeaderSettings["backup"], "enabled">,
  clock: Now,
): Promise<Judgement> {
  const newest = (await backups.list()).find(({ version }) => version !== DAMAGED);
  return judgeBackup(newest && clock.now() - newest.at, enabled);
}

/** Whether systemd-timesyncd has the time from a server; undefined where it does not run (chrony leaves no such word). */
export const timeIsKept = (dir = "/run/systemd/timesync"): boolean | undefined =>
  existsSync(dir) ? existsSync(`${dir}/synchronized`) : undefined;

async function endsIn(file: string, clock: Now): Promise<[string, number | undefined]> {
  try {
    return [file, new X509Certificate(await readFile(file)).validToDate.getTime() - clock.now()];
  } catch {
    return [file, undefined];
  }
}
