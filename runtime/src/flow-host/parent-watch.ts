/**
 * Ends this process when the one that started it is gone, even while a function node spins in an endless loop: then the main
 * thread hears neither a signal nor the closed IPC channel, so a thread of its own looks.
 */
import { Worker } from "node:worker_threads";

const program = `
  const { workerData } = require("node:worker_threads");
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    Atomics.wait(nap, 0, 0, 1000);
    if (process.ppid === workerData.parent) continue;
    Atomics.wait(nap, 0, 0, 4000); // time for a main thread that still runs to stop by itself
    process.kill(process.pid, "SIGKILL");
  }
`;

/** Starts watching the process that started us. */
export function watchParent(parent: number = process.ppid): void {
  new Worker(program, { eval: true, workerData: { parent } }).unref();
}
