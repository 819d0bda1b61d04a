/**
 * Puts a backup into an empty data directory. It is unpacked beside it, checked against its manifest file by file, and put in place whole:
 * what is damaged, of a newer Skein or made to write elsewhere leaves everything as it was.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { SkeinError, check, hasCode, messageOf, writeAtomically } from "@skein/kit";
import { Parser, type ReadEntry } from "tar";
import { leaderOf } from "../launcher/leader-lock";
import { MANIFEST, isNewer, manifestHead, manifestSchema, type Manifest } from "./manifest";

const MAX_MANIFEST_BYTES = 32 * 1024 * 1024;

export interface RestoreParts {
  readonly file: string;
  readonly dataDir: string;
  /** Of this Skein. */
  readonly version: string;
  readonly now: number;
  /** Puts what is there aside instead of refusing. */
  readonly replace: boolean;
}

/** @throws SkeinError DATA_DIR_IN_USE, DATA_DIR_NOT_EMPTY, BACKUP_INVALID, BACKUP_TOO_NEW */
export async function restoreBackup(parts: RestoreParts): Promise<{ manifest: Manifest; aside?: string }> {
  const dataDir = resolve(parts.dataDir);
  const running = leaderOf(dataDir);
  if (running !== undefined)
    throw new SkeinError("DATA_DIR_IN_USE", `a leader (process ${running}) works in ${dataDir}.`, {
      hint: "Stop it first.",
    });
  const there = existsSync(dataDir) ? readdirSync(dataDir) : [];
  if (there.length > 0 && !parts.replace)
    throw new SkeinError("DATA_DIR_NOT_EMPTY", `${dataDir} is not empty.`, {
      hint: "Name another one with --data-dir, or add --replace: what is there is then put aside.",
    });
  const beside = `${dataDir}.restoring-${process.pid}`;
  removeLeftBehind(dataDir);
  try {
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    const manifest = await unpack(parts.file, beside, parts.version);
    raiseEpoch(join(beside, "core", "epoch"), parts.now);
    const aside = there.length > 0 ? `${dataDir}.before-${parts.now}` : undefined;
    if (aside !== undefined) renameSync(dataDir, aside);
    else if (existsSync(dataDir)) rmdirSync(dataDir);
    try {
      renameSync(beside, dataDir);
    } catch (error) {
      if (aside !== undefined) renameSync(aside, dataDir);
      throw error;
    }
    return { manifest, ...(aside !== undefined && { aside }) };
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** What a restore that was killed left beside it: a whole house with its secrets. */
function removeLeftBehind(dataDir: string): void {
  const folder = dirname(dataDir);
  if (!existsSync(folder)) return;
  const prefix = `${basename(dataDir)}.restoring-`;
  for (const name of readdirSync(folder))
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length))))
      rmSync(join(folder, name), { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

/** Followers refuse orders of an older epoch than they know: the time in seconds is past every count. */
function raiseEpoch(file: string, now: number): void {
  const kept = existsSync(file) ? Number(readFileSync(file, "utf8")) || 0 : 0;
  writeAtomically(file, `${Math.max(kept, Math.floor(now / 1000))}\n`);
}

const invalid = (why: string, cause?: unknown): SkeinError =>
  new SkeinError("BACKUP_INVALID", `this is no whole backup: ${why}.`, {
    hint: "Nothing was changed. Take another one.",
    cause,
  });

/** What a newer Skein says besides is no damage: that it is newer is looked at first. */
function manifestOf(raw: unknown, version: string): Manifest {
  const head = check(manifestHead, raw);
  if (head.ok && isNewer(head.data, version))
    throw new SkeinError("BACKUP_TOO_NEW", `it was made by Skein ${head.data.version}, and this is ${version}.`, {
      hint: "Nothing was changed. Update this one first.",
    });
  const whole = check(manifestSchema, raw);
  if (!whole.ok) throw invalid(whole.wrong.replace(/\.$/, ""));
  return whole.data;
}

function unpack(file: string, target: string, version: string): Promise<Manifest> {
  return new Promise((done, reject) => {
    const input = createReadStream(file);
    let manifest: Manifest | undefined;
    const seen = new Set<string>();
    const fail = (error: unknown): void => {
      input.destroy();
      reject(error instanceof SkeinError ? error : invalid(messageOf(error), error));
    };
    const guarded =
      <A extends unknown[]>(work: (...args: A) => void) =>
      (...args: A): void => {
        try {
          work(...args);
        } catch (error) {
          fail(error);
        }
      };
    const first = (entry: ReadEntry): void => {
      if (entry.path !== MANIFEST || entry.type !== "File" || entry.size > MAX_MANIFEST_BYTES)
        throw invalid("it does not begin with its manifest");
      const parts: Buffer[] = [];
      entry.on("data", (part: Buffer) => parts.push(part));
      entry.on(
        "end",
        guarded(() => {
          manifest = manifestOf(JSON.parse(Buffer.concat(parts).toString("utf8")), version);
        }),
      );
    };
    const next = (entry: ReadEntry): void => {
      const listed = manifest?.files.find(({ path }) => path === entry.path);
      if (entry.type !== "File" || !listed || entry.size !== listed.bytes || seen.has(entry.path))
        throw invalid(`"${entry.path}" is not in its manifest as it is`);
      seen.add(entry.path);
      const place = join(target, entry.path);
      mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
      const handle = openSync(place, "wx", 0o600);
      const hash = createHash("sha256");
      entry.on(
        "data",
        guarded((part: Buffer) => {
          hash.update(part);
          for (let at = 0; at < part.length;) at += writeSync(handle, part, at);
        }),
      );
      entry.on(
        "end",
        guarded(() => {
          closeSync(handle);
          if (hash.digest("hex") !== listed.sha256) throw invalid(`"${entry.path}" is damaged`);
        }),
      );
    };
    let entries = 0;
    const parser = new Parser({
      strict: true,
      onReadEntry: (entry) => {
        guarded(entries++ === 0 ? first : next)(entry);
        entry.resume();
      },
    });
    parser.on("error", fail);
    parser.on(
      "end",
      guarded(() => {
        const missing = manifest?.files.find(({ path }) => !seen.has(path));
        if (!manifest || missing) throw invalid(missing ? `"${missing.path}" is missing` : "it is empty");
        done(manifest);
      }),
    );
    input.on("error", fail);
    input.on(
      "data",
      guarded((chunk: Buffer | string) => {
        if (parser.write(chunk as Buffer)) return;
        input.pause();
        parser.once("drain", () => input.resume());
      }),
    );
    input.on("end", () => parser.end());
  });
}
