/** REST under /api/v1: what the house knows and what may be done to it. */
import { Router, type Request, type Response } from "express";
import type { Logger } from "@skein/kit";
import { mountRoutes, type MountParts } from "./mount";
import { problemHandler, sendProblem } from "./problem";
import type { Route } from "./route";

export interface ApiParts extends MountParts {
  readonly routes: readonly Route[];
  readonly logger: Logger;
}

/** Answers what it has a route for, errors of its routes too. */
export function createApi({ routes, logger, ...parts }: ApiParts): Router {
  const api = Router();
  api.use((_req, res, next) => {
    res.set("cache-control", "no-store");
    next();
  });
  api.use(mountRoutes(routes, parts));
  return api.use(problemHandler(logger));
}

/** After every router of the API, the catalogue's too. */
export const unknownRoute = (req: Request, res: Response): void =>
  sendProblem(res, { code: "ROUTE_UNKNOWN", detail: `there is no ${req.method} ${req.baseUrl}${req.path}.` });
