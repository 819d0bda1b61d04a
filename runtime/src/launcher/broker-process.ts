/** The embedded broker's process. */
import { createLogger, systemClock, type LogLevel } from "@skein/kit";
import { startBroker, type Broker } from "@skein/broker";
import { runAsChild, type BrokerInit } from "./ipc";

let broker: Broker | undefined;

runAsChild<BrokerInit>({
  async start({ host, port, dataDir, usersFile }) {
    const logger = createLogger({ name: "broker", level: (process.env["SKEIN_LOG_LEVEL"] ?? "info") as LogLevel });
    broker = await startBroker({ host, port, dataDir, usersFile, logger, clock: systemClock });
  },
  async stop() {
    await broker?.close();
  },
});
