/**
 * The flow host's process: waits for the launcher's one init message, runs Node-RED, says every second that it is alive, and
 * goes when it is told to, or when the launcher is gone.
 */
import { createLogger, every, hasCode, messageOf, systemClock, systemRandom } from "@skein/kit";
import { startFlowHost, type FlowHost } from "./flow-host";
import { isFlowHostInit, type FlowHostInit, type FlowHostSays } from "./init";
import { watchParent } from "./parent-watch";

/** Longer than this nobody waits for a node that does not close; the launcher kills after 3 s. */
const STOP_WITHIN_MS = 2500;

// Flows, credentials and installed modules are the owner's alone.
process.umask(0o077);
watchParent();

const logger = createLogger({ name: "flow-host", level: (process.env["SKEIN_LOG_LEVEL"] ?? "info") as "info" });
const say = (message: FlowHostSays) => {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
};

let host: FlowHost | undefined;
let stopping = false;

async function start(init: FlowHostInit): Promise<void> {
  // Before the start, too: Node-RED may take its time with many palettes, and is not stalled then.
  every(systemClock, 1000, () => say({ type: "alive" }));
  let { safeMode } = init;
  host = await startFlowHost(init, {
    clock: systemClock,
    random: systemRandom,
    logger,
    onFlowsStarted() {
      if (safeMode) say({ type: "safe-mode", on: false });
      safeMode = false;
    },
  });
  if (stopping) return void host.stop();
  say({ type: "ready", socket: init.socket, safeMode: init.safeMode });
}

function stop(why: string): void {
  if (stopping) return;
  stopping = true;
  logger.info(`stopping: ${why}`);
  systemClock.setTimer(() => process.exit(0), STOP_WITHIN_MS);
  void Promise.resolve(host?.stop()).finally(() => process.exit(0));
}

/** Node-RED catches what a node throws at a message; what reaches us here left something half done: better a fresh start. */
function fail(error: unknown): void {
  logger.fatal({ err: error }, "the flow host cannot go on");
  say({
    type: "failed",
    message: messageOf(error),
    ...(hasCode(error) ? { code: error.code } : { code: "FLOW_HOST_FAILED" }),
  });
  setImmediate(() => process.exit(1));
}

process.on("SIGTERM", () => stop("asked to"));
process.on("SIGINT", () => stop("asked to"));
process.on("disconnect", () => stop("the launcher is gone"));
process.on("uncaughtException", fail);
process.on("unhandledRejection", (reason) => logger.error({ err: reason }, "a promise was left without a listener"));
process.once("message", (message: unknown) => {
  if (isFlowHostInit(message)) start(message).catch(fail);
  else fail(new TypeError("the first message to the flow host was no init"));
});
