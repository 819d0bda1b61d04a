/** The flow host's process: runs Node-RED under the launcher, and goes when it is told to, or when the launcher is gone. */
import { createLogger, hasCode, messageOf, systemClock, systemRandom } from "@skein/kit";
import { runAsChild, type ChildMessage } from "../launcher/ipc";
import { startFlowHost, type FlowHost } from "./flow-host";
import type { FlowHostInit } from "./init";
import { watchParent } from "./parent-watch";

watchParent();

const logger = createLogger({ name: "flow-host", level: (process.env["SKEIN_LOG_LEVEL"] ?? "info") as "info" });
const say = (message: ChildMessage) => {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
};

let starting: Promise<FlowHost> | undefined;

runAsChild<FlowHostInit>({
  async start(init) {
    let { safeMode } = init;
    starting = startFlowHost(init, {
      clock: systemClock,
      random: systemRandom,
      logger,
      onFlowsStarted() {
        if (safeMode) say({ type: "safe-mode", on: false });
        safeMode = false;
      },
    });
    await starting;
  },
  async stop() {
    // Asked for in the midst of a start: flows that run by then are closed, too.
    const host = await starting?.catch(() => undefined);
    await host?.stop();
  },
});

/** Node-RED catches what a node throws at a message; what reaches us here left something half done: better a fresh start. */
process.on("uncaughtException", (error) => {
  logger.fatal({ err: error }, "the flow host cannot go on");
  say({
    type: "failed",
    code: "FLOW_HOST_FAILED",
    message: messageOf(error),
    ...(hasCode(error) && { code: error.code }),
  });
  setImmediate(() => process.exit(1));
});
process.on("unhandledRejection", (reason) => logger.error({ err: reason }, "a promise was left without a listener"));
