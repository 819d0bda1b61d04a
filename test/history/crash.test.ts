/**
 * A history whose process is killed at a random moment under load, over and over, on the same file; and the same with the
 * write-ahead log cut back to the last commit that was told, or with rubbish after that, which is what a power cut may leave: what is
 * told is synced, since the file is opened with synchronous=FULL (packages/history/src/open-file.test.ts). Nothing older than a
 * second may be lost. `npm test` does a few rounds, among other tests, and grants a second and the slowest commit that it
 * saw; `npm run test:history` does a hundred of each.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { type History, lastOf, openHistory } from "@skein/history";
import { type CommittedWal, committedWal } from "@skein/history/testing/wal";
import { silentLogger, systemClock, systemRandom } from "@skein/kit";
import { leaderNode } from "../support/leader-node";
import { tempDir, type TempDir } from "../support/temp-dir";

const LOAD = join(__dirname, "../../packages/history/dist/testing/load-process.js");
const long = process.env["SKEIN_LONG"] === "1";
const ROUNDS = long ? 100 : 3;

interface Said {
  /** The highest number that the process said was saved. */
  readonly saved: number;
  /** What had been appended a second before the end, or that and a commit (above). */
  readonly appendedBefore: number;
  readonly wal: CommittedWal | undefined;
}

interface Line {
  readonly saved?: number;
  readonly commitMs?: number;
  readonly appended?: number;
  readonly at?: number;
  readonly wal?: CommittedWal;
}

/** Loads the file for `ms` and kills the loader. */
async function loadAndKill(file: string, ms: number, ...flags: string[]): Promise<Said> {
  const child = spawn(leaderNode, [LOAD, file, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: Line[] = [];
  const reader = createInterface(child.stdout);
  reader.on("line", (line) => lines.push(JSON.parse(line) as Line));
  await once(reader, "line");
  await wait(ms);
  const killedAt = systemClock.now();
  child.kill("SIGKILL");
  await Promise.all([once(child, "close"), once(reader, "close")]);
  const grantedMs = 1_000 + (long ? 0 : Math.max(0, ...lines.map(({ commitMs }) => commitMs ?? 0)));
  const ticks = lines.filter(({ at }) => at !== undefined && at < killedAt - grantedMs);
  return {
    saved: Math.max(0, ...lines.map(({ saved }) => saved ?? 0)),
    appendedBefore: ticks.at(-1)?.appended ?? 0,
    wal: lines.findLast(({ wal }) => wal !== undefined)?.wal,
  };
}

/** Everything that must hold of a file that was just opened again; gives back the last number in it. */
async function survived(history: History, said: Said): Promise<number> {
  expect(history.health()).toMatchObject({ state: "ok" });
  expect(history.health().putAside).toBeUndefined();
  expect(await history.checkIntegrity({ full: true })).toBeUndefined();
  const last = history.health().savedSeq;
  expect(last).toBeGreaterThanOrEqual(said.saved);
  expect(last).toBeGreaterThanOrEqual(said.appendedBefore);
  let next = history.health().firstSeq ?? 1;
  for await (const row of history.journal.read()) {
    expect(row.seq).toBe(next);
    next = lastOf(row) + 1;
  }
  expect(next).toBe(last + 1);
  // Killed before its first commit.
  if (last === 0) return last;
  // Rows, events and samples of one moment are saved together.
  const [event] = (await history.events.list({ limit: 1 }, { mayAudit: true })).events;
  expect(event?.data?.["appended"]).toBeGreaterThanOrEqual(said.appendedBefore);
  const now = systemClock.now();
  const { series } = await history.series.query({ subject: "follower:cv-0", from: now - 3_600_000, to: now });
  expect(series[0]?.points.length).toBeGreaterThan(0);
  return last;
}

/** Leaves of the log what was told to be committed, and after that what a disk may have made of the rest. @returns what it did */
function cutPower(file: string, told: CommittedWal | undefined): string {
  const wal = `${file}-wal`;
  const bytes = readFileSync(wal);
  // Begun anew since: then all that was told has been moved into the file itself, and synced there.
  const end = told && told.salt === committedWal(wal).salt ? told.end : 0;
  const beyond = bytes.length - end;
  const somewhere = end + Math.floor(systemRandom.next() * beyond);
  const [how] = ["cut", "torn", "rubbish", "zeros"].toSorted(() => systemRandom.next() - 0.5);
  if (how === "cut") truncateSync(wal, end);
  else if (how === "torn") truncateSync(wal, somewhere);
  else {
    bytes.set(
      how === "zeros" ? Buffer.alloc(bytes.length - somewhere) : systemRandom.bytes(bytes.length - somewhere),
      somewhere,
    );
    writeFileSync(wal, bytes);
  }
  return `${how} from ${somewhere} of ${bytes.length}, ${end} told`;
}

describe("A history under load", () => {
  let folder: TempDir;
  beforeEach(() => (folder = tempDir("skein-crash-")));
  afterEach(() => folder.remove());

  const round = async (cut: boolean): Promise<number> => {
    const file = folder.join("history.db");
    const said = await loadAndKill(
      file,
      (long ? 100 : 1_500) + systemRandom.next() * (long ? 2_500 : 1_000),
      ...(cut ? ["--wal"] : []),
    );
    const what = cut ? cutPower(file, said.wal) : "killed";
    const history = await openHistory({ file, clock: systemClock, logger: silentLogger });
    try {
      return await survived(history, said);
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    } finally {
      await history.close();
    }
  };

  it.each([
    ["killed at any moment", false],
    ["whose power is cut", true],
  ])(
    `that is ${ROUNDS} times %s keeps what it said was saved, without a hole`,
    async (_how, cut) => {
      let before = 0;
      for (let n = 0; n < ROUNDS; n++) {
        const last = await round(cut);
        expect(last).toBeGreaterThanOrEqual(before);
        before = last;
      }
      expect(before).toBeGreaterThan(0);
    },
    ROUNDS * 20_000,
  );
});
