/** Errors as RFC 9457 problem details, with our stable `code` in them. */
import type { ErrorRequestHandler, Response } from "express";
import { SkeinError, hasCode, type Logger } from "@skein/kit";

/** HTTP status for a code; any other of ours is a conflict with how things are. */
const STATUS: Readonly<Record<string, number>> = {
  BODY_INVALID: 400,
  REQUEST_INVALID: 400,
  DEMO_ONLY: 403,
  FOLLOWER_UNKNOWN: 404,
  ROUTE_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  BODY_TOO_LARGE: 413,
  BODY_NOT_JSON: 415,
  BUS_DOWN: 503,
  FLOW_HOST_AWAY: 503,
  BROKER_UNMOVED: 504,
  REQUEST_TIMEOUT: 504,
};

export const statusOf = (code: string): number => STATUS[code] ?? 409;

export function problem(
  code: string,
  detail: string,
  status = statusOf(code),
): { type: string; title: string; status: number; code: string; detail: string } {
  return { type: "about:blank", title: code.toLowerCase().replaceAll("_", " "), status, code, detail };
}

export function sendProblem(res: Response, code: string, detail: string): void {
  const body = problem(code, detail);
  res.status(body.status).type("application/problem+json").send(JSON.stringify(body));
}

/** The last word on anything that a route threw. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    if (error instanceof SkeinError) return sendProblem(res, error.code, error.message);
    // express's own parsers and decoders throw http-errors with a `type` or a `status`.
    const { type, status } = error as { type?: string; status?: number };
    if (type === "entity.too.large") return sendProblem(res, "BODY_TOO_LARGE", "the body is larger than 16 KiB.");
    if (type === "entity.parse.failed") return sendProblem(res, "BODY_INVALID", "the body is no JSON.");
    if (status !== undefined && status >= 400 && status < 500)
      return sendProblem(
        res,
        "REQUEST_INVALID",
        hasCode(error) || error instanceof Error ? error.message : "the request cannot be read.",
      );
    logger.error({ err: error, method: req.method, path: req.path }, "a request failed");
    res
      .status(500)
      .type("application/problem+json")
      .send(JSON.stringify(problem("INTERNAL", "something failed inside; the log of core says what.", 500)));
  };
}
