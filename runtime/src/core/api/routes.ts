/** Every route of the API: a resource is a folder with its `routes.ts`, and one line here. */
import { z } from "zod";
import { accountRoutes, type AccountRouteParts } from "../auth/account-routes";
import { loginRoutes, type LoginRouteParts } from "../auth/login-routes";
import { backupRoutes, type BackupRouteParts } from "../backup/routes";
import { brokerRoutes, type BrokerRouteParts } from "../broker/routes";
import { careRoutes, type CareRouteParts } from "../care/routes";
import { deviceRoutes, type DeviceRouteParts } from "../devices/routes";
import { commandRoutes, type CommandRouteParts } from "../fleet/command-routes";
import { fleetRoutes, type FleetRouteParts } from "../fleet/routes";
import { flowRoutes, type FlowRouteParts } from "../flows/routes";
import { hookRoutes, type HookRouteParts } from "../hooks/routes";
import { historyRoutes, type HistoryRouteParts } from "../history/routes";
import { joiningRoutes, type JoiningRouteParts } from "../joining/routes";
import { liveRoutes, type LiveRouteParts } from "../live/routes";
import { noticeRoutes, type NoticeRouteParts } from "../notices/routes";
import { routineRoutes, type RoutineRouteParts } from "../routines/routes";
import { privacyRoutes, type PrivacyRouteParts } from "../privacy/routes";
import { registryRoutes, type RegistryRouteParts } from "../registry/routes";
import { openApiDocument } from "./openapi";
import { defineRoute, type Route } from "./route";

/** Of a leader that is not told otherwise. */
const DEFAULT_PORT = 1880;

export type RouteParts = LoginRouteParts &
  AccountRouteParts &
  FleetRouteParts &
  CommandRouteParts &
  CareRouteParts &
  HistoryRouteParts &
  JoiningRouteParts &
  BrokerRouteParts &
  FlowRouteParts &
  HookRouteParts &
  LiveRouteParts &
  NoticeRouteParts &
  RegistryRouteParts &
  DeviceRouteParts &
  PrivacyRouteParts &
  BackupRouteParts &
  RoutineRouteParts & { readonly version: string };

/** The routes, with the one that describes them all. */
export function apiRoutes(parts: RouteParts): Route[] {
  const routes: Route[] = [
    ...loginRoutes(parts),
    ...accountRoutes(parts),
    ...fleetRoutes(parts),
    ...commandRoutes(parts),
    ...careRoutes(parts),
    ...historyRoutes(parts),
    ...joiningRoutes(parts),
    ...brokerRoutes(parts),
    ...flowRoutes(parts),
    ...hookRoutes(parts),
    ...registryRoutes(parts),
    ...deviceRoutes(parts),
    ...privacyRoutes(parts),
    ...backupRoutes(parts),
    ...liveRoutes(parts),
    ...noticeRoutes(parts),
    ...routineRoutes(parts),
  ];
  let document: Record<string, unknown> | undefined;
  routes.push(
    defineRoute({
      method: "get",
      path: "/openapi.json",
      access: "public",
      summary: "This document.",
      response: z.looseObject({ openapi: z.string() }),
      handle: () => (document ??= openApiDocument(routes, parts)) as { openapi: string },
    }),
  );
  return routes;
}

/**
 * The document without a house, for `npm run generate`: to list the routes nothing of the house is used, only to carry one out.
 * @throws TypeError when a resource does use something
 */
export const openApiOf = (version: string): Record<string, unknown> =>
  openApiDocument(listedRoutes(version), { version, port: DEFAULT_PORT });

/** The routes without a house, to be listed and not to be called. @throws TypeError as openApiOf */
export function listedRoutes(version: string): Route[] {
  const nothing: object = new Proxy(
    {},
    {
      get(_, name) {
        throw new TypeError(`a route uses "${String(name)}" when it is listed and not when it is called`);
      },
    },
  );
  const known: Record<string | symbol, unknown> = { version, port: DEFAULT_PORT };
  const parts = new Proxy({}, { get: (_, name) => known[name] ?? nothing }) as RouteParts;
  return apiRoutes(parts);
}
