/** The flow host's process: runs Node-RED under the launcher, and goes when it is told to, or when the launcher is gone. */
import { createLogger, hasCode, messageOf, systemClock, systemRandom } from "@skein/kit";
import { runAsChild, tellLauncher } from "@skein/kit/child-process";
import type { ChildMessage } from "../launcher/ipc";
import { tellLoopDelay } from "../loop-delay";
import { startFlowHost } from "./flow-host";
import type { FlowHostInit } from "./init";
import { watchParent } from "./parent-watch";

watchParent();

const logger = createLogger({ name: "flow-host", level: (process.env["SKEIN_LOG_LEVEL"] ?? "info") as "info" });

// A flow reads the environment by `env.get`: nothing of the house's own lies there for it (the launcher has left out what bears
// secrets; see childEnv in ../settings.ts).
for (const name of Object.keys(process.env)) if (name.startsWith("SKEIN_")) delete process.env[name];

runAsChild<FlowHostInit>(async (init) => {
  let { safeMode } = init;
  const flowHost = await startFlowHost(init, {
    clock: systemClock,
    random: systemRandom,
    logger,
    onFlowsStarted() {
      if (safeMode) tellLauncher<ChildMessage>({ type: "safe-mode", on: false });
      safeMode = false;
    },
  });
  // Not before: to load Node-RED takes seconds, and is no delay of a flow's.
  tellLoopDelay();
  return flowHost;
});

/** Node-RED catches what a node throws at a message; what reaches us here left something half done: better a fresh start. */
process.on("uncaughtException", (error) => {
  logger.fatal({ err: error }, "the flow host cannot go on");
  tellLauncher({
    type: "failed",
    code: "FLOW_HOST_FAILED",
    message: messageOf(error),
    ...(hasCode(error) && { code: error.code }),
  });
  setImmediate(() => process.exit(1));
});
process.on("unhandledRejection", (reason) => logger.error({ err: reason }, "a promise was left without a listener"));
