/** A JSON body, read within limits: its kind, its size, and how deeply it is nested. */
import express, { type NextFunction, type Request, type RequestHandler, type Response } from "express";
import { SkeinError } from "@skein/kit";
import { sendProblem } from "./problem";

export const MAX_BODY_BYTES = 16 * 1024;
/** Deeper than any of ours, and far from where a recursive check of it would run out of stack. */
const MAX_DEPTH = 64;

/** What a route that takes JSON begins with. @throws SkeinError BODY_TOO_DEEP, and what express.json throws */
export const jsonBody = (maxBytes = MAX_BODY_BYTES): RequestHandler[] => [
  jsonOnly,
  notAnnouncedAsLarger(maxBytes),
  express.json({
    limit: maxBytes,
    verify(_req, _res, bytes) {
      if (isDeeperThan(bytes, MAX_DEPTH))
        throw new SkeinError("BODY_TOO_DEEP", `the body is nested deeper than ${MAX_DEPTH} levels.`);
    },
  }),
];

/** Anything else could be sent by a form of a foreign page without asking. */
function jsonOnly(req: Request, res: Response, next: NextFunction): void {
  const { "content-length": length, "transfer-encoding": encoding } = req.headers;
  const hasBody = length !== undefined ? length !== "0" : encoding !== undefined;
  if (hasBody && !req.is("application/json"))
    return sendProblem(res, { code: "BODY_NOT_JSON", detail: "send the body as application/json." });
  // JSON between systems is UTF-8 (RFC 8259, 8.1), and how deep it goes is counted in that.
  const charset = /;\s*charset="?([^";\s]+)/i.exec(req.headers["content-type"] ?? "")?.[1] ?? "utf-8";
  if (hasBody && charset.toLowerCase() !== "utf-8")
    return sendProblem(res, { code: "BODY_NOT_JSON", detail: "send the body as application/json in UTF-8." });
  next();
}

/** express.json reads to the end what it will refuse; what says beforehand that it is too much is not read at all. */
const notAnnouncedAsLarger =
  (maxBytes: number): RequestHandler =>
  (req, res, next) => {
    if (Number(req.headers["content-length"] ?? 0) <= maxBytes) return next();
    res.setHeader("connection", "close");
    sendProblem(res, { code: "BODY_TOO_LARGE", detail: `the body is larger than ${maxBytes / 1024} KiB.` });
  };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Of JSON that has not been parsed; brackets within texts do not count. Pure. */
export function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) inText = !inText;
    else if (inText) {
      if (byte === BACKSLASH) at++;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}
