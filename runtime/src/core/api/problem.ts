/** Errors as RFC 9457 problem details, with our stable `code` in them. */
import type { ErrorRequestHandler, Response } from "express";
import { SkeinError, messageOf, type Logger } from "@skein/kit";

/** What went wrong: a code that stays and a sentence for people. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
}

/** HTTP status for a code; any other of ours is a conflict with how things are. */
const STATUS: Readonly<Record<string, number>> = {
  BODY_INVALID: 400,
  REQUEST_INVALID: 400,
  DEMO_ONLY: 403,
  HOST_REFUSED: 403,
  ORIGIN_REFUSED: 403,
  FOLLOWER_UNKNOWN: 404,
  ROUTE_UNKNOWN: 404,
  TARBALL_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  BODY_TOO_LARGE: 413,
  BODY_NOT_JSON: 415,
  INTERNAL_ERROR: 500,
  BUS_DOWN: 503,
  FLOW_HOST_AWAY: 503,
  BROKER_UNMOVED: 504,
  REQUEST_TIMEOUT: 504,
};

export const PROBLEM_TYPE = "application/problem+json";

/** Status and body of an answer. */
export function problem({ code, detail }: Problem): { status: number; body: string } {
  const status = STATUS[code] ?? 409;
  return {
    status,
    body: JSON.stringify({ type: "about:blank", title: code.toLowerCase().replaceAll("_", " "), status, code, detail }),
  };
}

export function sendProblem(res: Response, what: Problem): void {
  const { status, body } = problem(what);
  res.status(status).type(PROBLEM_TYPE).send(body);
}

/** The last word on anything that a route threw. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    if (error instanceof SkeinError) return sendProblem(res, { code: error.code, detail: error.message });
    // express's own parsers and decoders throw http-errors with a `type` or a `status`.
    const { type, status } = error as { type?: string; status?: number };
    if (type === "entity.too.large")
      return sendProblem(res, { code: "BODY_TOO_LARGE", detail: "the body is larger than 16 KiB." });
    if (type === "entity.parse.failed")
      return sendProblem(res, { code: "BODY_INVALID", detail: "the body is no JSON." });
    if (status !== undefined && status >= 400 && status < 500)
      return sendProblem(res, { code: "REQUEST_INVALID", detail: messageOf(error) });
    logger.error({ err: error, method: req.method, path: req.path }, "a request failed");
    sendProblem(res, { code: "INTERNAL_ERROR", detail: "something failed inside; the log of core says what." });
  };
}
