/** The house's one port, put together: the API's routes, the page's files, the doors to the flow host, and who listens where. */
import type { IncomingMessage } from "node:http";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { CoreInit } from "../../launcher/ipc";
import { createApi } from "../api/api";
import { apiRoutes } from "../api/routes";
import { createCatalogue } from "../catalogue";
import type { CoreParts } from "../core-parts";
import { leaderUrlFor } from "../joining/leader-url";
import { fingerprintToTell } from "../joining/own-certificate";
import type { Services } from "../services";
import { createApp } from "./app";
import { listenForBrowsers, type Listening } from "./listen";

/** Resolves when it listens. @throws SkeinError DOCUMENT_UNREADABLE, CERTIFICATE_INVALID, and what listening throws */
export async function openWeb(
  { dataDir, settings, version, ports, flowHostSocket }: CoreInit,
  services: Services,
  { clock, logger, createProxy, root, webLimits }: CoreParts,
): Promise<Listening> {
  const { auth, callerOf, flowSide, house, metrics, keeping, live, once } = services;
  const { actorOf } = auth;
  const part = (name: string) => logger.child({ part: name });
  const hostOf = (req: IncomingMessage) => callerOf(req).host ?? `127.0.0.1:${ports.http}`;
  const leaderUrl = (req: IncomingMessage) =>
    leaderUrlFor({
      host: hostOf(req),
      secure: callerOf(req).secure,
      listensOn: settings.http.host,
      interfaces: networkInterfaces(),
    });
  const leader = (req: IncomingMessage) => {
    const certificate = callerOf(req).proxied ? undefined : web.certificate;
    const fingerprint = certificate && fingerprintToTell(certificate);
    return fingerprint ? `${leaderUrl(req)} --fingerprint ${fingerprint}` : leaderUrl(req);
  };
  const palette = createCatalogue({
    folders: [join(root, "dist", "nodes"), join(dataDir, "palette")],
    baseUrl: () => web.localUrl,
    logger: part("catalogue"),
  });
  const app = createApp({
    api: createApi({
      routes: apiRoutes({
        ...services,
        ...keeping,
        port: ports.http,
        isSecure: (req) => callerOf(req).secure,
        leader,
        hostOf,
        pageUrl: (req) => settings.notices.pageUrl ?? leaderUrl(req),
        flows: flowSide.flows,
        hooks: flowSide.hooks,
        version,
      }),
      actorOf,
      once,
      logger: part("api"),
    }),
    catalogue: palette,
    actorOf,
    house,
    metrics: metrics.registry,
    dashboardDir: join(root, "runtime", "dashboard", "dist"),
    logger: part("web"),
  });
  const flowHost = createProxy({
    socketPath: flowHostSocket,
    logger: part("proxy"),
    why: () =>
      house.health().flowHost === "starting"
        ? "The flow host is starting."
        : "The flow host has stopped and is being started again.",
  });
  const web: Listening = await listenForBrowsers({
    http: settings.http,
    port: ports.http,
    callerOf,
    palette,
    limits: webLimits,
    app,
    io: live,
    flowHost,
    ...flowSide.doors,
    onRefused: (code) => metrics.refused(code),
    clock,
    logger: part("web"),
  });
  return web;
}
