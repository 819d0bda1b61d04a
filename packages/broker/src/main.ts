/**
 * The broker as a program of its own, for tests and benches: `main.js --port N --data-dir DIR --users FILE [--ws-port N] [--host H]`.
 * Prints one JSON line, `{"port":...}`, when it is ready; SIGTERM and SIGINT end it cleanly; SIGUSR2 prints its stats as a JSON line.
 */
import { parseArgs } from "node:util";
import { createLogger, messageOf, systemClock } from "@skein/kit";
import { startBroker } from "./broker";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      host: { type: "string" },
      port: { type: "string", default: "0" },
      "ws-port": { type: "string" },
      "data-dir": { type: "string" },
      users: { type: "string" },
      "log-level": { type: "string", default: "warn" },
    },
  });
  const { users, "data-dir": dataDir, "ws-port": wsPort, host } = values;
  if (!users || !dataDir)
    throw new Error("usage: main.js --data-dir DIR --users FILE [--port N] [--ws-port N] [--host H]");
  const broker = await startBroker({
    port: Number(values.port),
    dataDir,
    usersFile: users,
    logger: createLogger({ name: "broker", level: values["log-level"] as "warn" }),
    clock: systemClock,
    ...(host === undefined ? {} : { host }),
    ...(wsPort === undefined ? {} : { wsPort: Number(wsPort) }),
  });
  const stop = (): void => void broker.close().then(() => process.exit(0));
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("SIGUSR2", () => process.stdout.write(`${JSON.stringify(broker.stats())}\n`));
  process.stdout.write(`${JSON.stringify({ port: broker.port, wsPort: broker.wsPort })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
