/**
 * The thread that owns the file. It answers one question after the other and never ends by itself; after a failure it opens the file
 * anew with the next question, so that it recovers when the disk does. With the role `checker` it reads the whole file once, looking for damage.
 */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
// Not the whole of kit: a thread reads its modules anew, and starts four times as fast without YAML and zod.
import { SkeinError } from "@skein/kit/errors";
import { failureOf, STAYS_OPEN } from "./failure";
import { BUSY_MS, findDamage } from "./open-file";
import type { Asked, CheckerSays, FromWorker, QuestionName, ToWorker, WorkerOptions } from "./protocol";
import { Store } from "./store";

const port = parentPort;
if (!port) throw new Error("history's worker is started by openHistory");
const options = workerData as WorkerOptions;

let store: Store | undefined;
let backingUp: Promise<unknown> | undefined;
const opened = (): Store => {
  if (store) return store;
  throw new SkeinError("HISTORY_UNAVAILABLE", `${options.file} is not open.`, {
    hint: "The page and the log say why; it is tried again by itself.",
  });
};

const answers: { [K in QuestionName]: (value: Asked<K>) => unknown } = {
  open({ now, damaged }) {
    drop();
    const result = Store.open(options.file, options.retention, now, damaged);
    store = result.store;
    return result.opened;
  },
  write: (batch) => opened().write(batch),
  maintain: (clock) => opened().maintain(clock),
  journalPage: (after) => opened().journalPage(after),
  journalSeqAt: (at) => opened().journalSeqAt(at),
  events: (question) => opened().events(question),
  series: (question) => opened().series(question),
  verdicts: (question) => opened().verdicts(question),
  residentData: (question) => opened().residentData(question),
  forgetResident: (question) => opened().forgetResident(question),
  scrub: () => opened().scrub(),
  backup: (file) => (backingUp = opened().backup(file)),
  async close() {
    // How it ends is told to the one who asked for it.
    await backingUp?.catch(() => undefined);
    store?.close();
    store = undefined;
  },
};

/** Lets go of a file that failed: what is wrong with it is found when it is opened again. */
function drop(): void {
  const old = store;
  store = undefined;
  try {
    old?.abandon();
  } catch {
    // It failed before; that it fails again is no news.
  }
}

async function handle({ id, ask, value }: ToWorker): Promise<void> {
  let said: FromWorker;
  try {
    said = { id, answer: await (answers[ask] as (value: unknown) => unknown)(value) };
  } catch (error) {
    const failure = failureOf(error, ask === "backup" ? value : options.file);
    if (ask !== "backup" && !STAYS_OPEN.includes(failure.code)) drop();
    said = { id, failure };
  }
  port?.postMessage(said);
}

function check(): CheckerSays {
  try {
    const db = new DatabaseSync(options.file, { readOnly: true, timeout: BUSY_MS });
    try {
      return { damage: findDamage(db, options.full) };
    } finally {
      db.close();
    }
  } catch (error) {
    const failure = failureOf(error, options.file);
    return failure.code === "HISTORY_CORRUPT" ? { damage: failure.message } : { failure };
  }
}

if (options.role === "checker") port.postMessage(check());
else port.on("message", (message: ToWorker) => void handle(message));
