/** Hands `/editor` and `/hooks` to the flow host on its unix socket; says so, kindly, when it is not there. */
import { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { messageOf, type Logger } from "@skein/kit";
import { createProxyServer } from "httpxy";
import { PROBLEM_TYPE, problem } from "../api/problem";
import { isSession } from "./vouch";
import { refuseUpgrade, type Backend } from "./web-server";

export interface ProxyOptions {
  readonly socketPath: string;
  readonly logger: Logger;
  /** What to tell people while it is away. */
  readonly why: () => string;
}

/** A backend that answers 503 by itself while the flow host is away; `why` then says the reason to people. */
export function createFlowHostProxy({ socketPath, logger, why }: ProxyOptions): Backend {
  // The Host header stays as the browser sent it: Node-RED makes its own addresses from it.
  const proxy = createProxyServer({ target: { socketPath }, ws: true, changeOrigin: false, proxyTimeout: 0 });
  // A connection a request, which we end and not the flow host: it would after its answer, and Node's last, empty write of a
  // request (ClientRequest.end) then fails with EPIPE before the answer is read.
  const agent = new Agent({ keepAlive: false });
  proxy.on("error", (error: Error, req?: IncomingMessage, res?: ServerResponse | Socket) => {
    logger.debug({ err: error }, `the flow host did not answer: ${messageOf(error)}`);
    if (!res) return;
    if (!("writeHead" in res)) return refuseUpgrade(res, 503, "the flow host is away.");
    if (res.headersSent) return void res.destroy();
    sendAway(req, res, why());
  });
  // How long a connection lives is agreed between neighbours (RFC 9110, 7.6.1).
  proxy.on("proxyRes", ({ headers }: IncomingMessage) => {
    delete headers.connection;
    delete headers["keep-alive"];
    // Core alone makes sessions: a flow that set one could log somebody out, or in as somebody else.
    const cookies = headers["set-cookie"]?.filter((cookie) => !isSession(cookie));
    if (cookies) headers["set-cookie"] = cookies;
  });
  return {
    request: (req, res) => void proxy.web(req, res, { agent, headers: { connection: "keep-alive" } }).catch(() => {}),
    upgrade: (req, socket, head) => void proxy.ws(req, socket as Socket, {}, head).catch(() => {}),
  };
}

/** A page that looks again by itself, or a problem for programs. */
function sendAway(req: IncomingMessage | undefined, res: ServerResponse, why: string): void {
  const wantsPage = req?.headers.accept?.includes("text/html") ?? false;
  const { status, body } = problem({ code: "FLOW_HOST_AWAY", detail: why });
  res.writeHead(status, {
    "content-type": wantsPage ? "text/html; charset=utf-8" : PROBLEM_TYPE,
    "retry-after": "2",
    "cache-control": "no-store",
  });
  res.end(wantsPage ? page(why) : body);
}

const page = (why: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="2">
<title>Skein: the flow host is away</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>The editor is not there just now</h1>
<p>${why}</p><p>This page looks again every two seconds. Followers are watched all the same: <a href="/">see who is alive</a>.</p></html>
`;
