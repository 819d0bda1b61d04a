/** What is well with the house and what is not: each check a pure judgement of figures that care.ts gathers. */
import type { CheckReason, CheckView, HouseHealth } from "@skein/contracts";
import type { HistoryHealth } from "@skein/history";
import type { LoopDelay } from "../../launcher/ipc";

export type Judgement = Pick<CheckView, "state" | "text" | "reason" | "figures" | "file">;
/** With the reason and the figures whoever reads another language has all that the text says. */
const judged = (
  state: CheckView["state"],
  reason: CheckReason,
  text: string,
  figures?: Record<string, number>,
  file?: string,
): Judgement => ({ state, reason, text, ...(figures && { figures }), ...(file !== undefined && { file }) });

const GB = 1024 ** 3;
const DAY_MS = 86_400_000;
/** Below the first it is time to clean up; below the second SQLite and Node-RED soon cannot write. */
export const FREE_BYTES = { warn: 2 * GB, bad: GB / 2 };
/** At p99, ms: of core's, above the first verdicts and pages are late, above the second followers are doubted for nothing. */
export const LOOP_DELAY_MS = { warn: 50, bad: 1000 };
/** The wall clock went so far from where it should be since the last look, ms. */
export const CLOCK_STEP_MS = 2000;
/** Before its end, ms: a fortnight, three days. */
export const CERTIFICATE_MS = { warn: 14 * DAY_MS, bad: 3 * DAY_MS };
/** One a night; two missed are worth a word, a week of them is none. */
export const BACKUP_MS = { warn: 2 * DAY_MS, bad: 7 * DAY_MS };

export function judgeBroker({ broker }: Pick<HouseHealth, "broker">): Judgement {
  if (broker === "up" || broker === "external") return judged("ok", "broker-up", "The broker runs.");
  if (broker === "starting") return judged("unknown", "broker-starting", "The broker is starting.");
  return judged(
    "bad",
    "broker-down",
    "The broker does not run or is not reached: followers cannot be heard. logs/broker.log says why.",
  );
}

export const judgeBus = (up: boolean, dropped: number): Judgement =>
  up
    ? judged("ok", "bus-up", "The leader is on the bus.", { dropped })
    : judged("bad", "bus-down", "The leader has no link to the bus. Is the broker's address right, and its user?", {
        dropped,
      });

export function judgeDisk(freeBytes: number, totalBytes: number): Judgement {
  const figures = { freeBytes, totalBytes };
  const free = `${(freeBytes / GB).toFixed(1)} GB are free where the house keeps its data`;
  if (freeBytes < FREE_BYTES.bad)
    return judged("bad", "disk-full", `Only ${free}: make room now, or nothing more is remembered.`, figures);
  if (freeBytes < FREE_BYTES.warn)
    return judged("warn", "disk-low", `Only ${free}: make room, or lower history.fileMb.`, figures);
  return judged("ok", "disk-roomy", `${free}.`, figures);
}

export function judgeJournal(
  health: Pick<
    HistoryHealth,
    "state" | "message" | "oldestWaitingMs" | "fileBytes" | "dropped" | "integrity" | "putAside" | "maintenance"
  >,
): Judgement {
  const figures = {
    oldestWaitingMs: health.oldestWaitingMs,
    fileBytes: health.fileBytes,
    dropped: health.dropped.telemetry + health.dropped.other,
    maintenanceFailed: health.maintenance.failed,
  };
  if (health.state === "failing")
    return judged(
      "bad",
      "journal-failing",
      `Nothing is remembered now: ${health.message ?? "the file cannot be written"}`,
      figures,
    );
  // A later check is of the new file, and finds nothing.
  if (health.integrity === "damaged" || health.putAside !== undefined)
    return judged(
      "warn",
      "journal-damaged",
      "The history's file was damaged; it was put aside and a new one begun (docs/history.md).",
      figures,
    );
  if (health.maintenance.problem !== undefined)
    return judged(
      "warn",
      "journal-untended",
      `What happens is written down, but what is too old or too much may not go: ${health.maintenance.problem}`,
      figures,
    );
  return judged("ok", "journal-written", "What happens is written down.", figures);
}

/** What a process whose loop stalls cannot do. */
const LOOPS = {
  core: { title: "core", reason: "core-stalled", stalled: "verdicts cannot be trusted" },
  broker: { title: "broker", reason: "broker-stalled", stalled: "messages come late" },
  flowHost: {
    title: "flow host",
    reason: "flow-host-stalled",
    stalled: "flows act late: a node in them keeps it busy",
  },
} as const;

/** Of each process that told of its own. */
export function judgeLoops(loops: Readonly<Partial<Record<keyof typeof LOOPS, LoopDelay>>>): Judgement {
  const all = (Object.keys(LOOPS) as (keyof typeof LOOPS)[]).flatMap((part) => {
    const loop = loops[part];
    return loop ? [{ part, ...LOOPS[part], ...loop }] : [];
  });
  const figures = Object.fromEntries(
    all.flatMap(({ part, p99Ms, maxMs }) => [
      [`${part}P99Ms`, p99Ms],
      [`${part}MaxMs`, maxMs],
    ]),
  );
  const each = all.map(({ title, p99Ms }) => `${title} ${p99Ms.toFixed(0)} ms`).join(", ");
  const text = `Event loops are late at p99 by: ${each}`;
  const worst = all.toSorted((a, b) => b.p99Ms - a.p99Ms)[0];
  if (worst && worst.p99Ms > LOOP_DELAY_MS.bad)
    return judged("bad", worst.reason, `${text}; ${worst.stalled}. What else runs on this machine?`, figures);
  if (worst && worst.p99Ms > LOOP_DELAY_MS.warn)
    return judged("warn", "loops-busy", `${text}; this machine is busy.`, figures);
  return judged("ok", "loops-in-time", `${text}.`, figures);
}

/** `steppedMs`: how far the wall clock went besides the time that passed. `kept`: whether a time server sets it; undefined: nobody knows. */
export function judgeClock(steppedMs: number, kept?: boolean): Judgement {
  if (Math.abs(steppedMs) > CLOCK_STEP_MS)
    return judged(
      "warn",
      "clock-set",
      `The clock was set by ${(steppedMs / 1000).toFixed(1)} s. Does this machine keep its time (systemd-timesyncd, chrony)?`,
      { steppedMs },
    );
  if (kept === false)
    return judged(
      "warn",
      "clock-unkept",
      "No time server has answered this machine since it started: timedatectl tells more.",
      {
        steppedMs,
      },
    );
  return judged("ok", "clock-even", "The clock runs evenly.", { steppedMs });
}

/** `endsIn`: by file, ms until the certificate is worth nothing; undefined: it cannot be read. */
export function judgeCertificates(endsIn: Readonly<Record<string, number | undefined>>): Judgement {
  const all = Object.entries(endsIn);
  if (all.length === 0) return judged("ok", "certificates-none", "No certificates are set.");
  const unread = all.find(([, ms]) => ms === undefined);
  if (unread)
    return judged(
      "bad",
      "certificate-unreadable",
      `The certificate ${unread[0]} cannot be read.`,
      undefined,
      unread[0],
    );
  const [file, ms = 0] = all.toSorted(([, a = 0], [, b = 0]) => a - b)[0] ?? ["", 0];
  const days = Math.floor(ms / DAY_MS);
  const text = `The certificate ${file} is good for ${Math.max(0, days)} more days`;
  if (ms < CERTIFICATE_MS.bad) return judged("bad", "certificate-at-end", `${text}: renew it now.`, { days }, file);
  return ms < CERTIFICATE_MS.warn
    ? judged("warn", "certificate-ending", `${text}: renew it.`, { days }, file)
    : judged("ok", "certificate-good", `${text}.`, { days }, file);
}

/** Undefined: there is none, and the house may be new. `nightly`: whether one is made by itself; else its age is the owner's own matter. */
export function judgeBackup(ageMs: number | undefined, nightly: boolean): Judgement {
  const how = nightly
    ? "one is made each night, or now under Settings"
    : "none is made by itself (backup.enabled is false): make one under Settings";
  if (ageMs === undefined)
    return judged("warn", nightly ? "backup-none" : "backup-by-hand-none", `There is no backup yet; ${how}.`);
  const figures = { ageMs };
  const age = ageMs < 2 * DAY_MS ? `${Math.floor(ageMs / 3_600_000)} h` : `${Math.floor(ageMs / DAY_MS)} days`;
  const text = `The newest backup is ${age} old`;
  if (ageMs > BACKUP_MS.bad)
    return nightly
      ? judged("bad", "backup-overdue", `${text}: look why none is made.`, figures)
      : judged("warn", "backup-by-hand-old", `${text}, and ${how}.`, figures);
  return nightly && ageMs > BACKUP_MS.warn
    ? judged("warn", "backup-missed", `${text}.`, figures)
    : judged("ok", "backup-new", `${text}.`, figures);
}
