/** What core knows of its followers, kept on disk so that a restart of core is no news to anybody. */
import { renameSync, rmSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Watched } from "@skein/fleet";
import { messageOf, writeAtomically, type CancelTimer, type Clock, type Logger } from "@skein/kit";
import { readRegistry, type Kept, type Remembered } from "./registry-file";

/** Changes this close together are one write, ms. */
const GATHER_MS = 500;
/** After a write that failed (a full disk), the next attempt, ms. */
const RETRY_MS = 5_000;

export interface Registry extends Omit<Kept, "followers"> {
  readonly remembered: readonly Remembered[];
  /** Something in `current` changed: it is written soon. */
  touch(): void;
  /** Writes what is not yet written. */
  flush(): void;
}

/** What is to be kept. */
interface Current extends Omit<Kept, "followers"> {
  readonly followers: readonly Watched[];
}

/** Reads the file and writes it again, some time after each change. A write that fails is said and tried again. */
export function openRegistry(file: string, current: () => Current, parts: { clock: Clock; logger: Logger }): Registry {
  let pending: CancelTimer | undefined;
  let gatherMs = GATHER_MS;
  /** Changed since the last snapshot was taken. */
  let dirty = false;
  let writing = false;
  /** Of the write that counts; an earlier one that is still under way then comes to nothing. */
  let turn = 0;
  const last = readRegistry(file, parts.logger);
  const failed = (error: unknown) =>
    parts.logger.error(
      { code: "REGISTRY_NOT_WRITTEN" },
      `the registry of followers could not be written: ${messageOf(error)}`,
    );
  const soon = (ms: number) => (pending ??= parts.clock.setTimer(() => void write(), ms, { unref: true }));
  const write = async (): Promise<void> => {
    pending = undefined;
    dirty = false;
    writing = true;
    const mine = ++turn;
    const begun = parts.clock.monotonic();
    let retryMs: number | undefined;
    try {
      await writeInPieces(file, pieces(current()), () => mine === turn);
    } catch (error) {
      failed(error);
      retryMs = RETRY_MS;
    }
    if (mine !== turn) return;
    writing = false;
    // A large house takes a while to write down: less often, then.
    gatherMs = Math.max(GATHER_MS, 10 * (parts.clock.monotonic() - begun));
    if (dirty || retryMs !== undefined) soon(retryMs ?? gatherMs);
  };
  return {
    remembered: last.followers,
    forgotten: last.forgotten,
    massLoss: last.massLoss,
    touch() {
      dirty = true;
      if (!writing) soon(gatherMs);
    },
    flush() {
      if (!pending && !writing) return;
      pending?.();
      pending = undefined;
      writing = dirty = false;
      turn += 1;
      try {
        writeAtomically(file, [...pieces(current())].join(""));
      } catch (error) {
        failed(error);
      }
    },
  };
}

/** So many followers are put into text at a time, about a millisecond's work: beats are heard in between. */
const AT_A_TIME = 100;

function* pieces({ followers, forgotten, massLoss }: Current): Generator<string> {
  yield `{"version":1,"followers":[`;
  for (let at = 0; at < followers.length; at += AT_A_TIME) {
    const some = followers.slice(at, at + AT_A_TIME).map((follower) => JSON.stringify(remember(follower)));
    yield `${at === 0 ? "" : ","}${some.join(",")}`;
  }
  yield `],${JSON.stringify({ forgotten, massLoss }).slice(1)}`;
}

/**
 * As writeAtomically, but nothing waits for it: ten thousand followers are megabytes, and verdicts were seconds late while they were
 * put into text and synced. `counts`: whether it is still wanted at the end.
 */
async function writeInPieces(file: string, text: Iterable<string>, counts: () => boolean): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.next`;
  try {
    const handle = await open(aside, "w", 0o600);
    try {
      for (const piece of text) await handle.writeFile(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // At once and not by and by: a flush must not be overtaken.
    if (counts()) renameSync(aside, file);
    else rmSync(aside, { force: true });
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

const remember = ({ id, verdict, birth, run, session, beatMs }: Watched): Remembered => ({
  id,
  verdict,
  ...(birth && { birth }),
  ...(run !== undefined && { run }),
  ...(session !== undefined && { session }),
  ...(beatMs !== undefined && { beatMs }),
});
