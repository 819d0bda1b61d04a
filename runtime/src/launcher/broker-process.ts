/** The embedded broker's process. */
import { startBroker } from "@skein/broker";
import { createLogger, systemClock, type LogLevel } from "@skein/kit";
import { runAsChild } from "@skein/kit/child-process";
import type { BrokerInit } from "./ipc";

runAsChild<BrokerInit>(async ({ host, port, dataDir, usersFile }) => {
  const logger = createLogger({ name: "broker", level: (process.env["SKEIN_LOG_LEVEL"] ?? "info") as LogLevel });
  const broker = await startBroker({ host, port, dataDir, usersFile, logger, clock: systemClock });
  return { stop: () => broker.close() };
});
