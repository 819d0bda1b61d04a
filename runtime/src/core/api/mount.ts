/** Makes a router of routes: each call is authorised, then checked, then carried out, and answered as the route says. */
import { Router, type NextFunction, type Request, type Response } from "express";
import { check, SkeinError } from "@skein/kit";
import etag from "etag";
import type { z } from "zod";
import type { Actor } from "../auth/actor";
import { authorise } from "../auth/authorise";
import { jsonBody } from "./json-body";
import type { Answer, Once } from "./once";
import { ANSWERED, expressPath, METHODS, type Answered, type Call, type Route } from "./route";
import { sendProblem } from "./problem";

export interface MountParts {
  readonly actorOf: (req: Request) => Actor;
  /** Runs the work once for each `Idempotency-Key` of an account; a repetition gets the first one's answer. */
  readonly once: Pick<Once, "carryOut">;
}

/** The routes; errors are left to `problemHandler`. */
export function mountRoutes(routes: readonly Route[], { actorOf, once }: MountParts): Router {
  const router = Router();
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = router.route(expressPath(path));
    const there = routes.filter((route) => route.path === path);
    for (const route of there) {
      const answer = async (req: Request, res: Response): Promise<void> => {
        const actor = actorOf(req);
        const work = () => carryOut(route, actor, req, res);
        send(route, res, await (route.method === "post" ? once.carryOut({ actor, route, req }, work) : work()));
      };
      here[route.method](
        // Before the body is read: whoever may not shall not make us read megabytes.
        (req: Request, _res: Response, next: NextFunction) => {
          authorise(actorOf(req), route);
          next();
        },
        ...(route.consumes === undefined ? jsonBody(route.maxBodyBytes) : []),
        answer,
      );
    }
    const allowed = METHODS.filter((method) => there.some((route) => route.method === method)).map((method) =>
      method.toUpperCase(),
    );
    here.all((req, res) => {
      res.set("allow", allowed.join(", "));
      sendProblem(res, {
        code: "METHOD_NOT_ALLOWED",
        detail: `${req.method} is not possible here: ${allowed.join(", ")}.`,
      });
    });
  }
  return router;
}

async function carryOut(route: Route, actor: Actor, req: Request, res: Response): Promise<Answer | Answered> {
  const call = {
    actor,
    params: read(route.params, req.params, "the address"),
    query: read(route.query, req.query, "the query"),
    body: route.consumes === undefined ? read(route.body, req.body ?? {}, "the body") : undefined,
    req,
    res,
  } as Call<never, never, never>;
  const wanted = req.headers["if-match"];
  if (route.current && wanted !== undefined && wanted !== "*") {
    const now = etagOf(await route.current(call));
    if (!wanted.split(",").some((each) => each.trim() === now))
      throw new SkeinError("PRECONDITION_FAILED", "it has been changed since you read it; read it again first.");
  }
  const answer = await route.handle(call);
  if (answer === ANSWERED) return ANSWERED;
  if (!route.response) return { status: route.status ?? 204 };
  return { status: route.status ?? 200, type: "application/json", body: JSON.stringify(answer) };
}

function send(route: Route, res: Response, answer: Answer | Answered): void {
  if ("answered" in answer) return;
  const { status, type, body, repeated } = answer;
  res.status(status);
  if (repeated) res.set("idempotency-replayed", "true");
  if (body === undefined) return void res.end();
  if (type !== undefined) res.type(type);
  if (status < 300 && (route.method === "get" || route.current)) res.set("etag", etag(body));
  // express answers 304 to an If-None-Match by this header.
  res.send(body);
}

const etagOf = (value: unknown): string => etag(JSON.stringify(value));

function read<S extends z.ZodType>(schema: S | undefined, value: unknown, where: string): unknown {
  if (!schema) return value;
  const result = check(schema, value);
  if (result.ok) return result.data;
  throw new SkeinError("REQUEST_INVALID", where === "the body" ? result.wrong : `${where}: ${result.wrong}`);
}
