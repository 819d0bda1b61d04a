import { setFlagsFromString } from "node:v8";

/**
 * Imported first by main.ts, so that these hold before anything large is loaded. An agent does a little every few seconds for
 * months: it has no use for optimised code, and on a board with 2 GB every megabyte is somebody else's. Measured with
 * `npm run bench -- agent`; V8 takes flags that it does not know with a warning and no harm.
 */
// Threads for files and names: Node would start four at the first file, each with memory of its own. Two, so that a name that
// does not resolve holds up no reading.
process.env.UV_THREADPOOL_SIZE ??= "2";

for (const flag of [
  // No TurboFan: its compile jobs cost more memory than the code that they speed up runs for.
  "--no-opt",
  "--optimize-for-size",
  // The young generation stays at its smallest: a beat leaves a few kB of garbage.
  "--semi-space-growth-factor=1",
]) {
  setFlagsFromString(flag);
}
