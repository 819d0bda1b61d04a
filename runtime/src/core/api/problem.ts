/** Errors as RFC 9457 problem details, with our stable `code` in them. */
import type { ErrorRequestHandler, Response } from "express";
import { SkeinError, messageOf, type Logger } from "@skein/kit";

/** What went wrong: a code that stays and a sentence for people. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
}

/** HTTP status for a code whose name does not tell it. */
const STATUS: Readonly<Record<string, number>> = {
  BODY_TOO_DEEP: 400,
  LINK_USED: 401,
  LOGIN_NEEDED: 401,
  LOGIN_WRONG: 401,
  ACCESS_DENIED: 403,
  DEMO_ONLY: 403,
  HOST_REFUSED: 403,
  JOIN_CODE_WRONG: 403,
  ORIGIN_REFUSED: 403,
  SCOPE_MISSING: 403,
  TOKEN_TOO_WIDE: 403,
  TARBALL_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  JOIN_CODE_OVER: 410,
  PRECONDITION_FAILED: 412,
  BODY_TOO_LARGE: 413,
  BODY_NOT_JSON: 415,
  IDEMPOTENCY_KEY_REUSED: 422,
  JOIN_TRIES_TOO_MANY: 429,
  LOGIN_THROTTLED: 429,
  TOO_MANY_STREAMS: 429,
  INTERNAL_ERROR: 500,
  BUS_DOWN: 503,
  BUS_HAND_OVER_FAILED: 503,
  DOCUMENT_UNWRITABLE: 503,
  FLOW_HOST_AWAY: 503,
  LOGIN_BUSY: 503,
  BROKER_UNMOVED: 504,
  BUS_USERS_NOT_TAKEN: 504,
  DEVICE_UNREACHABLE: 504,
  REQUEST_TIMEOUT: 504,
};

export const PROBLEM_TYPE = "application/problem+json";

/** X_UNKNOWN is not there, X_INVALID is not understood; what is neither nor in the table is a conflict with how things are. */
export const statusOf = (code: string): number =>
  STATUS[code] ?? (code.endsWith("_UNKNOWN") ? 404 : code.endsWith("_INVALID") ? 400 : 409);

/** Status and body of an answer. */
export function problem({ code, detail }: Problem): { status: number; body: string } {
  const status = statusOf(code);
  return {
    status,
    body: JSON.stringify({ type: "about:blank", title: code.toLowerCase().replaceAll("_", " "), status, code, detail }),
  };
}

export function sendProblem(res: Response, what: Problem): void {
  const { status, body } = problem(what);
  // RFC 9110, 15.5.2: a 401 says how to log in.
  if (status === 401) res.set("www-authenticate", "Bearer");
  res.status(status).type(PROBLEM_TYPE).send(body);
}

/** The last word on anything that a route threw. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    if (error instanceof SkeinError) return sendProblem(res, { code: error.code, detail: error.message });
    // express's own parsers and decoders throw http-errors with a `type` or a `status`.
    const { type, status, limit = 0 } = error as { type?: string; status?: number; limit?: number };
    if (type === "entity.too.large")
      return sendProblem(res, { code: "BODY_TOO_LARGE", detail: `the body is larger than ${limit / 1024} KiB.` });
    if (type === "entity.parse.failed")
      return sendProblem(res, { code: "BODY_INVALID", detail: "the body is no JSON." });
    if (status !== undefined && status >= 400 && status < 500)
      return sendProblem(res, { code: "REQUEST_INVALID", detail: messageOf(error) });
    logger.error({ err: error, method: req.method, path: req.path }, "a request failed");
    sendProblem(res, { code: "INTERNAL_ERROR", detail: "something failed inside; the log of core says what." });
  };
}
