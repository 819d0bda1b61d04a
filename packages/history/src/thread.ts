/** The worker as something to ask. A thread that died is started again with the next question. Owner's side. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker, type Transferable } from "node:worker_threads";
import { messageOf, SkeinError } from "@skein/kit";
import type { Answer, Asked, CheckerSays, FromWorker, QuestionName, WorkerOptions } from "./protocol";

/** Built code, also when this file is a source (under jest): a thread loads no TypeScript. */
const besides = join(__dirname, "worker.js");
const WORKER = existsSync(besides) ? besides : join(__dirname, "../dist/worker.js");

interface Pending {
  resolve(answer: unknown): void;
  reject(error: SkeinError): void;
}

export class Thread {
  private worker: Worker | undefined;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  constructor(private readonly options: Omit<WorkerOptions, "role">) {}

  /** @throws SkeinError with a code of failure.ts */
  ask<K extends QuestionName>(name: K, value: Asked<K>, transfer: Transferable[] = []): Promise<Answer<K>> {
    const id = ++this.lastId;
    return new Promise<Answer<K>>((resolve, reject) => {
      this.pending.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      (this.worker ??= this.start()).postMessage({ id, ask: name, value }, transfer);
    });
  }

  /** Reads the whole file in a thread of its own, beside the one that writes. @returns the first damage */
  async check(full: boolean): Promise<string | undefined> {
    const checker = launch({ ...this.options, role: "checker", full });
    const said = await new Promise<CheckerSays>((resolve) => {
      checker.once("message", resolve);
      checker.once("error", (error) => resolve({ failure: unavailable(error) }));
    });
    await checker.terminate();
    if ("failure" in said) throw new SkeinError(said.failure.code, said.failure.message);
    return said.damage;
  }

  async end(): Promise<void> {
    const worker = this.worker;
    this.worker = undefined;
    worker?.removeAllListeners("exit");
    await worker?.terminate();
  }

  private start(): Worker {
    const worker = launch({ ...this.options, role: "keeper" });
    let reason: unknown = "it ended";
    worker.on("message", (said: FromWorker) => {
      const waiting = this.pending.get(said.id);
      this.pending.delete(said.id);
      if ("failure" in said) waiting?.reject(new SkeinError(said.failure.code, said.failure.message));
      else waiting?.resolve(said.answer);
    });
    worker.on("error", (error) => (reason = error));
    worker.once("exit", () => {
      if (this.worker === worker) this.worker = undefined;
      const all = [...this.pending.values()];
      this.pending.clear();
      for (const waiting of all) waiting.reject(new SkeinError("HISTORY_UNAVAILABLE", unavailable(reason).message));
    });
    return worker;
  }
}

// Node says of node:sqlite in each thread that it is new; the house's log need not.
const launch = (options: WorkerOptions): Worker =>
  new Worker(WORKER, { workerData: options, execArgv: ["--disable-warning=ExperimentalWarning"], name: "history" });

const unavailable = (reason: unknown) => ({
  code: "HISTORY_UNAVAILABLE" as const,
  message: `History's thread is gone (${messageOf(reason)}); it is started again.`,
});
