/** Core, put together: everything that main.ts hands to each other, behind one start and one stop. */
import { join } from "node:path";
import { createBus, createFileJournal, createTransport } from "@skein/bus";
import { createIds, type Clock, type Logger, type Random } from "@skein/kit";
import type { CoreInit, PartsMessage } from "../launcher/ipc";
import { createActions, type ActionParts } from "./actions";
import { createApi } from "./api/api";
import { createCatalogue } from "./catalogue";
import { nextEpoch } from "./fleet/epoch";
import { createFleetService } from "./fleet/fleet-service";
import { createHouse } from "./house";
import { createLive } from "./live/live";
import { createMetrics } from "./metrics/metrics";
import { createApp } from "./web/app";
import { createGuard } from "./web/guard";
import { createWebServer, type Backend } from "./web/web-server";

export interface CoreParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly askLauncher: ActionParts["askLauncher"];
  /** Made by main.ts, because httpxy is an ES module that jest cannot load. */
  readonly createProxy: (options: { socketPath: string; logger: Logger; why: () => string }) => Backend;
  /** The repository's root: the page's and the packed nodes' files. */
  readonly root: string;
}

export interface Core {
  setParts(parts: PartsMessage): void;
  stop(): Promise<void>;
}

/** Resolves when the port is open; the bus may still be away. @throws SkeinError EPOCH_UNREADABLE, DATA_DIR_UNUSABLE, JOURNAL_UNWRITABLE */
export async function startCore(
  init: CoreInit,
  { clock, random, logger, askLauncher, createProxy, root }: CoreParts,
): Promise<Core> {
  const { settings, version, demo, ports } = init;
  const part = (name: string) => logger.child({ part: name });
  const epoch = nextEpoch(join(init.dataDir, "core", "epoch"));
  const journal = createFileJournal(join(init.dataDir, "core", "commands.jsonl"));
  const bus = createBus({
    id: "leader",
    transport: createTransport(init.bus, { clock, random, logger: part("bus") }),
    clock,
    random,
    ids: createIds(clock, random),
    logger: part("bus"),
    presence: { as: "leader", version, epoch },
    journal,
  });
  const { clockMs, massLossWindowMs, ...limits } = settings.fleet;
  const fleet = await createFleetService({
    bus,
    clock,
    logger: part("fleet"),
    file: join(init.dataDir, "core", "fleet.json"),
    limits: withoutUndefined(limits),
    clockMs,
    massLossWindowMs,
  });
  const house = createHouse(bus, settings.bus.kind !== "embedded");
  const actions = await createActions({
    fleet,
    house,
    bus,
    clock,
    demo,
    askLauncher,
  });
  const metrics = createMetrics({ bus, fleet, house });
  const live = createLive({
    fleet,
    house,
    actions,
    clock,
    logger: part("live"),
    name: settings.house.name,
    version,
    demo,
  });
  const app = createApp({
    api: createApi({ fleet, actions, logger: part("api") }),
    catalogue: createCatalogue({
      folders: [join(root, "dist", "nodes"), join(init.dataDir, "palette")],
      baseUrl: () => `http://127.0.0.1:${ports.http}`,
      logger: part("catalogue"),
    }),
    house,
    metrics: metrics.registry,
    dashboardDir: join(root, "runtime", "dashboard", "dist"),
    logger: part("web"),
  });
  const flowHost = createProxy({
    socketPath: init.flowHostSocket,
    logger: part("proxy"),
    why: () =>
      house.health().flowHost === "starting"
        ? "The flow host is starting."
        : "The flow host has stopped and is being started again.",
  });
  const web = createWebServer({
    guard: createGuard({ port: ports.http, allowedHosts: settings.http.allowedHosts }),
    app,
    io: live,
    flowHost,
    onRefused: (code) => metrics.refused(code),
  });
  await new Promise<void>((resolve, reject) => {
    web.once("error", reject);
    web.listen(ports.http, settings.http.host, () => {
      web.off("error", reject);
      resolve();
    });
  });
  logger.info({ port: ports.http, epoch, followers: fleet.list().length }, "core is ready");

  return {
    setParts: (parts) => house.setParts(parts),
    async stop() {
      web.close();
      await live.close();
      web.closeAllConnections();
      await fleet.close();
      house.close();
      // Says that the leader is away, so that nodes show `unknown` at once and not after the will.
      await bus.close(1500);
      journal.close();
    },
  };
}

/** What is left out keeps the detector's own default. */
const withoutUndefined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
