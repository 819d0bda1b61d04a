/** REST under /api/v1: what the house knows and what may be done to it. */
import express, { Router, type Request, type Response } from "express";
import { hostAction, maintenanceCommand } from "@skein/contracts";
import { SkeinError, check, type Logger } from "@skein/kit";
import { z } from "zod";
import type { Actions } from "../actions";
import type { FleetService } from "../fleet/fleet-service";
import { problemHandler, sendProblem } from "./problem";

/** The command's own options; whom it concerns stands in the address. */
const maintenanceBody = maintenanceCommand.schema.omit({ follower: true }).strict();
const hostBody = z.strictObject({ action: hostAction });
const brokerBody = z.strictObject({ action: z.enum(["stop", "start"]) });

export interface ApiParts {
  readonly fleet: Pick<FleetService, "list" | "get">;
  readonly actions: Actions;
  readonly logger: Logger;
}

/** The routes under `/api/v1`; errors go to `problemHandler`. */
export function createApi({ fleet, actions, logger }: ApiParts): Router {
  const api = Router();
  api.use((req, res, next) => {
    res.set("cache-control", "no-store");
    // Anything else could be sent by a form of a foreign page without asking.
    const hasBody =
      req.headers["content-length"] !== undefined
        ? req.headers["content-length"] !== "0"
        : req.headers["transfer-encoding"] !== undefined;
    if (hasBody && !req.is("application/json"))
      return sendProblem(res, { code: "BODY_NOT_JSON", detail: "send the body as application/json." });
    next();
  });
  api.use(express.json({ limit: "16kb" }));

  route(api, "/followers", { get: (_req, res) => res.json({ followers: fleet.list() }) });
  route(api, "/followers/:id", {
    get: (req, res) => res.json(known(fleet.get(idOf(req)), idOf(req))),
    delete: (req, res) => {
      actions.forget(idOf(req));
      res.status(204).end();
    },
  });
  route(api, "/followers/:id/maintenance", {
    post: (req, res) => {
      const { forMs, reason } = read(maintenanceBody, req);
      known(fleet.get(idOf(req)), idOf(req));
      actions.maintenance(idOf(req), forMs, reason);
      res.json(known(fleet.get(idOf(req)), idOf(req)));
    },
  });
  route(api, "/followers/:id/host", {
    post: async (req, res) => {
      await actions.host(idOf(req), read(hostBody, req).action);
      res.json({ ok: true });
    },
  });
  route(api, "/broker", {
    post: async (req, res) => {
      await actions.broker(read(brokerBody, req).action);
      res.json({ ok: true });
    },
  });
  return api.use(problemHandler(logger));
}

/** After every router of the API, the catalogue's too. */
export const unknownRoute = (req: Request, res: Response): void =>
  sendProblem(res, { code: "ROUTE_UNKNOWN", detail: `there is no ${req.method} ${req.baseUrl}${req.path}.` });

type Handler = (req: Request, res: Response) => unknown;

/** A path with its methods; another method is told which there are. */
function route(api: Router, path: string, handlers: { get?: Handler; post?: Handler; delete?: Handler }): void {
  const here = api.route(path);
  for (const method of ["get", "post", "delete"] as const) {
    const handler = handlers[method];
    if (handler) here[method]((req, res) => handler(req, res) as Promise<void>);
  }
  const allowed = Object.keys(handlers).map((method) => method.toUpperCase());
  here.all((req, res) => {
    res.set("allow", allowed.join(", "));
    sendProblem(res, {
      code: "METHOD_NOT_ALLOWED",
      detail: `${req.method} is not possible here: ${allowed.join(", ")}.`,
    });
  });
}

const idOf = (req: Request): string => String(req.params["id"]);

function known<T>(found: T | undefined, id: string): T {
  if (found === undefined) throw new SkeinError("FOLLOWER_UNKNOWN", `no follower "${id}" is known.`);
  return found;
}

function read<S extends z.ZodType>(schema: S, req: Request): z.output<S> {
  const result = check(schema, req.body ?? {});
  if (result.ok) return result.data;
  throw new SkeinError("REQUEST_INVALID", result.wrong);
}
