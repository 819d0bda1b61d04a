import { every, type Clock } from "@skein/kit";

/** How often a launcher is told that the event loop turns, ms. */
const ALIVE_MS = 1000;

/**
 * Who started the agent. Under the leader's launcher (an IPC channel is there) it says `ready`, then `alive` every second, and
 * leaves cleanly when the channel closes. With `exitWithParent` it ends at once when the pipe on its stdin closes: its parent,
 * the virtual home, is dead, and a made-up host does not outlive its house.
 */
export function minding(options: { clock: Clock; exitWithParent: boolean; leave(): void; die(): void }): {
  ready(): void;
} {
  const tell = (type: "ready" | "alive") => {
    if (process.connected) process.send?.({ type }, undefined, undefined, () => {});
  };
  if (process.send) process.on("disconnect", () => options.leave());
  if (options.exitWithParent) {
    process.stdin.on("end", () => options.die());
    process.stdin.on("close", () => options.die());
    process.stdin.on("error", () => options.die());
    process.stdin.resume();
  }
  return {
    ready() {
      if (!process.send) return;
      tell("ready");
      every(options.clock, ALIVE_MS, () => tell("alive"));
    },
  };
}
