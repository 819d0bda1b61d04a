/** What the doctor makes of what it sees from outside the leader; the figures of disk, certificates and backup are judged as the leader judges them. */
import type { HouseHealth } from "@skein/contracts";
import { answersDocument } from "../core/api/once";
import { sessionsDocument } from "../core/auth/sessions";
import type { Judgement } from "../core/care/judge";

/** What a leader starts without (core/open-or-begin.ts), and what comes of that. */
const LOSSES: Readonly<Record<string, string>> = {
  [`core/${sessionsDocument.name}`]: "everybody logs in anew",
  [`core/${answersDocument.name}`]: "a request that a program sends again is carried out again",
};

/** node:sqlite came with 22.5, its backup with 22.9. */
const NODE = { major: 22, minor: 9 };

/** `version` as process.version has it: `v24.1.0`. */
export function judgeNode(version: string): Judgement {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const enough = major > NODE.major || (major === NODE.major && minor >= NODE.minor);
  return enough
    ? { state: "ok", text: `Node ${version} is new enough.` }
    : {
        state: "bad",
        text: `Node ${version} is too old for the leader: install ${NODE.major}.${NODE.minor} or later, or run npm install again.`,
      };
}

export interface HouseSeen {
  readonly dataDir: string;
  /** Whether somebody has lived in the data directory. */
  readonly begun: boolean;
  /** Why it cannot be read or written, after its name. */
  readonly unusable?: string;
}

export function judgeHouse({ dataDir, begun, unusable }: HouseSeen): Judgement {
  if (unusable !== undefined)
    return { state: "bad", text: `The data directory ${unusable}: no leader of this user's can work in it.` };
  if (!begun)
    return {
      state: "warn",
      text: `There is no house in ${dataDir} yet, and npm start would begin one. Is yours elsewhere? Name it with --data-dir.`,
    };
  return { state: "ok", text: "The data directory can be read and written." };
}

/** `unreadable`: why, by path below the data directory. */
export function judgeFiles(unreadable: Readonly<Record<string, string>>): Judgement {
  const found = Object.entries(unreadable);
  const needed = found.flatMap(([path, why]) => (path in LOSSES ? [] : [why]));
  const lost = found.flatMap(([path, why]) =>
    path in LOSSES ? [`${why} At the next start it is put aside, and ${LOSSES[path]}.`] : [],
  );
  if (needed.length > 0) return { state: "bad", text: `No leader starts with this: ${[...needed, ...lost].join(" ")}` };
  return lost.length === 0
    ? { state: "ok", text: "Each file that the leader needs at its start can be read." }
    : { state: "warn", text: lost.join(" ") };
}

export interface LeaderSeen {
  /** Of the process that holds the data directory; undefined: none does. */
  readonly pid: number | undefined;
  /** Whether there is a note of the ports (run/pids.json), even one that was left behind. */
  readonly noted: boolean;
  /** What `/healthz` said; undefined: nothing. */
  readonly health: Partial<HouseHealth> | undefined;
}

export function judgeLeader({ pid, noted, health }: LeaderSeen): Judgement {
  if (pid === undefined)
    return noted
      ? { state: "warn", text: "The leader was killed, or lost its power. Nothing is left to tidy up: npm start." }
      : { state: "ok", text: "The leader does not run. To start it: npm start." };
  if (!noted)
    return { state: "warn", text: `The leader (process ${pid}) is starting or stopping: ask again in a minute.` };
  if (health === undefined)
    return {
      state: "bad",
      text: `The leader (process ${pid}) does not answer within 5 s. logs/core.log says what it is busy with; stop it with Ctrl-C and start it again.`,
    };
  if (health.ok !== true)
    return {
      state: "bad",
      text: `The leader runs, but not all of it: ${partsOf(health)}. logs/ has a file for each part.`,
    };
  if (health.safeMode)
    return {
      state: "warn",
      text: "The flows are stopped, since they crashed again and again: mend them in the editor and deploy.",
    };
  return { state: "ok", text: `The leader (process ${pid}) runs, with all its parts.` };
}

const partsOf = ({ broker, core, flowHost }: Partial<HouseHealth>): string =>
  `broker ${broker ?? "unknown"}, core ${core ?? "unknown"}, flow host ${flowHost ?? "unknown"}`;

/** `damage`: what was found in the history's file, in words; undefined: nothing. */
export const judgeHistoryFile = (damage: string | undefined): Judgement =>
  damage === undefined
    ? { state: "ok", text: "The history's file is whole." }
    : {
        state: "bad",
        text: `${damage} A leader that finds it damaged puts it aside and begins a new one; docs/history.md says how to save what is in it, docs/backup.md how to go back.`,
      };
