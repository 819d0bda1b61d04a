import { createLogger, every, hasCode, messageOf, systemClock, systemRandom } from "@skein/kit";
import { startVirtualHome, type VirtualHome } from "./home";
import type { VirtualHomeInit } from "./init";

/** The virtual home as a process of its own: started and supervised by the launcher, which tells it everything in one message. */

const ALIVE_MS = 1000;
const STOP_WITHIN_MS = 2500;

const logger = createLogger({ name: "virtual-home" });
let home: VirtualHome | undefined;
let begun = false;
let ending = false;

const tell = (message: { type: "ready" | "alive" } | { type: "failed"; code: string; message: string }) => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

function end(code: number): void {
  if (ending) return;
  ending = true;
  systemClock.setTimer(() => process.exit(code), STOP_WITHIN_MS);
  const stopped = home?.stop() ?? Promise.resolve();
  void stopped
    .catch((error: unknown) => logger.warn({ reason: messageOf(error) }, "did not stop cleanly"))
    .finally(() => process.exit(code));
}

async function begin(init: VirtualHomeInit): Promise<void> {
  try {
    home = await startVirtualHome(init, { clock: systemClock, random: systemRandom, logger });
    if (ending) return await home.stop();
    tell({ type: "ready" });
    every(systemClock, ALIVE_MS, () => tell({ type: "alive" }));
  } catch (error) {
    logger.error({ err: error }, "the virtual home cannot start");
    tell({ type: "failed", code: hasCode(error) ? error.code : "START_FAILED", message: messageOf(error) });
    systemClock.setTimer(() => process.exit(1), 50);
  }
}

process.umask(0o077);
if (!process.send) {
  process.stderr.write("This program is a part of the demo and is started by its launcher: npm run demo\n");
  process.exit(2);
}
process.on("SIGTERM", () => end(0));
process.on("SIGINT", () => end(0));
process.on("disconnect", () => end(0));
process.on("message", (message: { type?: unknown }) => {
  if (message.type !== "init" || begun) return;
  begun = true;
  void begin(message as VirtualHomeInit);
});
