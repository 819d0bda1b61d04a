/** `skein doctor`: looks a house over from the outside, and changes nothing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkHistoryFile } from "@skein/history";
import { careView } from "@skein/contracts";
import { messageOf, systemClock as clock, type Random } from "@skein/kit";
import { listBackups } from "../core/backup/backups";
import type { Judgement } from "../core/care/judge";
import { certificatesOf, lookAtCertificates, lookAtDisk, lookAtNewestBackup } from "../core/care/looks";
import { leaderOf } from "../launcher/leader-lock";
import { readHealth } from "../launcher/read-health";
import type { LeaderOptions } from "../settings";
import { judgeFiles, judgeHistoryFile, judgeLeader, judgeNode, type LeaderSeen } from "./doctor-judge";
import { lookAtHouse, unreadableFiles } from "./doctor-looks";
import { asAdmin } from "./as-admin";
import { houseOptions, type CliParts, type HouseFlags } from "./house-options";
import { localUrl, runningHouse } from "./running-house";

export interface DoctorFlags extends HouseFlags {
  readonly json?: boolean | undefined;
}

export interface Finding extends Judgement {
  /**
   * `node`, `house`, `leader`, `files`, `history`, `disk`, `certificates`, `backup`; of a leader that runs and answers its own checks
   * (care.ts), or `self-care` when they cannot be had.
   */
  readonly id: string;
}

const MARKS = { ok: "ok  ", warn: "look", bad: "BAD ", unknown: "?   " } as const;

/** @returns the exit code: 1 when something is bad. @throws SkeinError OPTION_INVALID, CONFIG_UNREADABLE, CONFIG_INVALID */
export async function runDoctor(flags: DoctorFlags, { env, random, print }: CliParts): Promise<number> {
  const options = houseOptions(flags, env);
  const findings = await examine(options, random);
  const ok = findings.every(({ state }) => state !== "bad");
  if (flags.json) print(`${JSON.stringify({ ok, dataDir: options.dataDir, findings }, undefined, 2)}\n`);
  else {
    print(`The house in ${options.dataDir}:\n`);
    for (const { id, state, text } of findings) print(`  ${MARKS[state]}  ${id.padEnd(12)}  ${text}\n`);
  }
  return ok ? 0 : 1;
}

/** One finding for each thing that can be looked at now; what a leader that runs looks after itself is its own word. */
async function examine(options: LeaderOptions, random: Random): Promise<Finding[]> {
  const { dataDir, settings } = options;
  let leader: LeaderSeen | undefined;
  const looks: Record<string, () => Judgement | Promise<Judgement>> = {
    node: () => judgeNode(process.version),
    house: () => lookAtHouse(dataDir),
    leader: async () => judgeLeader((leader = await seeLeader(options))),
    files: () => judgeFiles(unreadableFiles(options)),
    history: () => judgeHistoryFile(checkHistoryFile(historyFile(dataDir))?.message),
    disk: () => lookAtDisk(dataDir),
    certificates: () => lookAtCertificates(certificatesOf(settings), clock),
    backup: () => lookAtNewestBackup({ list: () => listBackups(dataDir) }, settings.backup, clock),
  };
  const findings: Finding[] = [];
  for (const [id, look] of Object.entries(looks).filter(([name]) => canLook(name, dataDir)))
    try {
      findings.push({ id, ...(await look()) });
    } catch (error) {
      findings.push({ id, state: "bad", text: `It cannot be looked at: ${messageOf(error)}.` });
    }
  const own = leader?.health === undefined ? [] : await selfCare(options, random);
  return [...findings.filter(({ id }) => !own.some((check) => check.id === id)), ...own];
}

/** How the leader that runs finds itself. */
async function selfCare(options: LeaderOptions, random: Random): Promise<Finding[]> {
  try {
    const { checks } = await asAdmin(options, random, "look", async (ask) =>
      careView.parse((await ask("care", { method: "GET" })).body),
    );
    return checks.map(({ id, state, text, figures }) => ({ id, state, text, ...(figures && { figures }) }));
  } catch (error) {
    return [
      {
        id: "self-care",
        state: "unknown",
        text: `How the leader finds itself could not be asked: ${messageOf(error)}`,
      },
    ];
  }
}

/** A house that never ran has no disk, no files and no backups of its own yet; the history of one that runs is the leader's to check. */
function canLook(id: string, dataDir: string): boolean {
  if (id === "disk" || id === "files" || id === "backup") return existsSync(dataDir);
  return id !== "history" || (leaderOf(dataDir) === undefined && existsSync(historyFile(dataDir)));
}

async function seeLeader({ dataDir, settings }: LeaderOptions): Promise<LeaderSeen> {
  const running = runningHouse(dataDir);
  const tls = running?.tls ?? settings.http.tls !== undefined;
  return {
    pid: leaderOf(dataDir),
    noted: existsSync(join(dataDir, "run", "pids.json")),
    health: running && (await readHealth(`${localUrl(running.http, tls)}healthz`)),
  };
}

const historyFile = (dataDir: string): string => join(dataDir, "history", "history.db");
