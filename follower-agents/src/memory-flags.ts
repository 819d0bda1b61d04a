import { setFlagsFromString } from "node:v8";

/**
 * Imported first by main.ts, so that these hold before anything large is loaded. An agent does a little every few seconds for
 * months: it has no use for optimised code, and on a board with 2 GB every megabyte is somebody else's. Measured with
 * `npm run bench -- agent`; Node 20, 22 and 24 know them all; one that V8 does not know costs a line on stderr and no
 * more.
 */
// Threads for files and names: Node would start four at the first file, each with memory of its own. Two, so that a name that
// does not resolve holds up no reading.
process.env.UV_THREADPOOL_SIZE ??= "2";

for (const flag of [
  // The interpreter alone: the jobs of its three compilers cost more memory than the code that they speed up ever runs for.
  "--no-opt",
  "--no-maglev",
  "--no-sparkplug",
  "--optimize-for-size",
  // The young generation stays at its smallest: a beat leaves a few kB of garbage.
  "--semi-space-growth-factor=1",
]) {
  setFlagsFromString(flag);
}
