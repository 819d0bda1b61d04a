/** Node-RED in its own express 4 on a unix socket, with the house's bus handed to its nodes. */
import { mkdirSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import { createBus, createTransport } from "@skein/bus";
import { createIds, type Clock, type Logger, type Random } from "@skein/kit";
import { credentialSecret } from "./credential-secret";
import { writeFirstFlow } from "./first-start";
import type { FlowHostInit } from "./init";
import { ADMIN_ROOT, HOOKS_ROOT, nodeRedSettings } from "./settings";

export interface FlowHost {
  stop(): Promise<void>;
}

/** The little of express 4 that is used here; its types are not installed beside those of express 5. */
interface Express4 {
  use(path: string, handler: unknown): void;
}

/** Starts everything; resolves when the editor answers. The flows start at the same time, unless in safe mode. */
export async function startFlowHost(
  init: FlowHostInit,
  parts: { clock: Clock; random: Random; logger: Logger; onFlowsStarted?: () => void },
): Promise<FlowHost> {
  const { logger } = parts;
  mkdirSync(init.dataDir, { recursive: true, mode: 0o700 });
  const firstStart = writeFirstFlow(init.dataDir);
  const secret = credentialSecret(init.dataDir, parts.random, logger);
  const transport = createTransport(init.bus, { ...parts, logger: logger.child({ part: "bus" }) });
  const bus = createBus({
    id: init.busId,
    transport,
    ...parts,
    ids: createIds(parts.clock, parts.random),
    presence: { as: "none" },
  });

  const { default: RED } = await import("node-red");
  // Node-RED's apps are made by its own express 4 and lose their prototypes under express 5, so it gets the one it brings.
  const express = createRequire(require.resolve("node-red"))("express") as () => Express4 & RequestListener;
  const app = express();
  const server = createServer(app);
  RED.init(
    server,
    nodeRedSettings(init, { bus, logger: logger.child({ part: "node-red" }), credentialSecret: secret }) as never,
  );
  RED.events.on("flows:started", () => parts.onFlowsStarted?.());
  app.use(ADMIN_ROOT, RED.httpAdmin);
  app.use(HOOKS_ROOT, RED.httpNode);
  await RED.start();
  rmSync(init.socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(init.socket, resolve);
  });
  logger.info({ firstStart, safeMode: init.safeMode }, "the editor is ready");

  return {
    async stop() {
      await RED.stop();
      await bus.close(1000);
      server.close();
      server.closeAllConnections();
      rmSync(init.socket, { force: true });
    },
  };
}
