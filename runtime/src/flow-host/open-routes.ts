/**
 * Whom an open route lets in, it lets in to itself alone. Core decides by the address, and express by the order of the routes: where
 * an open `/light/:room` and a closed `/light/secret` both fit, only here is it known which of them is served.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { askerOf } from "./trusted-server";

/** Node-RED's `httpNodeMiddleware`: called by an HTTP-in node's route before the node. */
export function onlyWhatIsOpen(
  req: IncomingMessage & { readonly route?: { readonly path?: unknown } },
  res: ServerResponse,
  next: () => void,
): void {
  const open = askerOf(req)?.openFor;
  if (open === undefined || open.some((path) => path === req.route?.path)) return next();
  const problem = { type: "about:blank", title: "login needed", status: 401, code: "LOGIN_NEEDED" };
  const detail = "this route needs a token: Authorization: Bearer skein_...";
  res.writeHead(401, { "content-type": "application/problem+json", "www-authenticate": "Bearer" });
  res.end(JSON.stringify({ ...problem, detail }));
}
