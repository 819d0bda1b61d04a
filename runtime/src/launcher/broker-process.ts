/** The embedded broker's process. */
import { startBroker } from "@skein/broker";
import { createLogger, systemClock, type LogLevel } from "@skein/kit";
import { runAsChild } from "@skein/kit/child-process";
import { tellLoopDelay } from "../loop-delay";
import type { BrokerInit } from "./ipc";

runAsChild<BrokerInit>(async ({ hosts, port, tls, dataDir, usersFile }) => {
  const logger = createLogger({ name: "broker", level: (process.env["SKEIN_LOG_LEVEL"] ?? "info") as LogLevel });
  const broker = await startBroker({
    host: hosts,
    port,
    ...(tls && { tls }),
    dataDir,
    usersFile,
    logger,
    clock: systemClock,
  });
  tellLoopDelay();
  return { stop: () => broker.close() };
});
