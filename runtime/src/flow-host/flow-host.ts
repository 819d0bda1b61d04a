/** Node-RED in its own express 4 behind a door on a unix socket, with the house's bus handed to its nodes. */
import { mkdirSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import { createBus, createTransport } from "@skein/bus";
import { flowInput, flowDeployed, type FlowInput } from "@skein/contracts";
import { createIds, messageOf, type Clock, type Logger, type Random } from "@skein/kit";
import { credentialSecret } from "./credential-secret";
import { tapDeploys, type RuntimeEvents } from "./deploy-tap";
import { writeFirstFlow } from "./first-start";
import { forgetAside, putDamagedAside } from "./flow-file";
import { forgetPerson, PEOPLE_PATH } from "./forget-person";
import { tapHttp } from "./http-tap";
import type { FlowHostInit } from "./init";
import { tapInjects } from "./inject-tap";
import { ADMIN_ROOT, HOOKS_ROOT, nodeRedSettings } from "./settings";
import { askerOf, createTrustedServer } from "./trusted-server";

export interface FlowHost {
  stop(): Promise<void>;
}

/** The little of express 4 that is used here; its types are not installed beside those of express 5. */
interface Express4 {
  use(path: string, ...handlers: unknown[]): void;
  set(setting: "env", value: string): void;
}

/** Starts everything; resolves when the editor answers. The flows start at the same time, unless in safe mode. */
export async function startFlowHost(
  init: FlowHostInit,
  parts: { clock: Clock; random: Random; logger: Logger; onFlowsStarted?: () => void },
): Promise<FlowHost> {
  const { logger } = parts;
  mkdirSync(init.dataDir, { recursive: true, mode: 0o700 });
  const aside = putDamagedAside(init.dataDir, parts.clock.now());
  if (aside !== undefined) logger.error({ file: aside }, "the flows could not be read; their file was put aside");
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
  // Else it answers garbage with its stack, and so with where everything lies.
  app.set("env", "production");
  const behind = createServer(app);
  const trust = { key: init.coreKey, now: () => parts.clock.now() };
  const server = createTrustedServer(behind, trust);
  RED.init(
    behind,
    nodeRedSettings(init, {
      bus,
      logger: logger.child({ part: "node-red" }),
      credentialSecret: secret,
      trust,
    }) as never,
  );
  const host = { host: init.busId };
  const unsent = (error: unknown) => logger.warn({ err: error }, `core was not told: ${messageOf(error)}`);
  const tellInput = (input: FlowInput) => void bus.publish(flowInput, host, input).catch(unsent);
  const deploys = tapDeploys(
    RED.events as RuntimeEvents,
    (what) => {
      if (what.cause === "deploy") forgetAside(init.dataDir);
      void bus.publish(flowDeployed, host, what).catch(unsent);
    },
    aside,
  );
  RED.hooks.add("onSend.skein", tapInjects(tellInput));
  RED.events.on("flows:started", () => parts.onFlowsStarted?.());
  app.use(`${ADMIN_ROOT}${PEOPLE_PATH}`, forgetPerson(RED.settings as never, init.dataDir));
  app.use(
    ADMIN_ROOT,
    (req: IncomingMessage, _res: unknown, next: () => void) => deploys.as(askerOf(req), req.method, pathOf(req), next),
    RED.httpAdmin,
  );
  behind.prependListener("request", (req) => {
    if (req.url?.toLowerCase().startsWith(HOOKS_ROOT)) tapHttp(req, tellInput);
  });
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
      // A broker that is there has what is in flight within this; for one that is not, nothing is worth more of the little time.
      await bus.close(300);
      server.close();
      server.closeAllConnections();
      rmSync(init.socket, { force: true });
    },
  };
}

const pathOf = ({ url = "" }: IncomingMessage): string => url.split("?", 1)[0] ?? "";
