/**
 * The one HTTP port. The guard sees every request and every upgrade first; then the first level of the path decides who
 * answers: socket.io (`/io`), the flow host (`/editor`, `/hooks`), or the leader's own express app. To the flow host nothing goes
 * that the gate refuses, and everything with core's word of who is asking.
 */
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Duplex } from "node:stream";
import { PROBLEM_TYPE, problem, statusOf } from "../api/problem";
import type { CallerOf } from "./caller";
import type { Area, Gate } from "./gate";
import type { Guard } from "./guard";
import type { KeptSockets } from "./kept-sockets";
import { limitConnections, serverOptions, type WebLimits } from "./limits";
import { sendRefusal } from "./refuse";
import type { Certificate } from "./tls";
import type { Vouch } from "./vouch";

/** Somebody else's requests and upgrades. */
export interface Backend {
  request(req: IncomingMessage, res: ServerResponse): void;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface WebOptions {
  readonly guard: Guard;
  readonly callerOf: CallerOf;
  readonly limits: WebLimits;
  /** Of how many connections this address may have, nothing is said: a proxy's are many people's. */
  readonly isExempt: (address: string) => boolean;
  readonly certificate?: Certificate | undefined;
  /** Tells browsers never to come without TLS again, for a year. */
  readonly hsts?: boolean | undefined;
  readonly app: RequestListener;
  readonly io: Backend;
  readonly flowHost: Backend;
  readonly gate: Gate;
  readonly vouch: Vouch;
  /** Where WebSockets to the flow host are noted. */
  readonly kept: Pick<KeptSockets, "keep">;
  /** Told of every refusal, for the counters. */
  readonly onRefused: (code: string) => void;
}

/** A server that does not listen yet. A refused request is answered with 403 and its connection closed, its body unread. */
export function createWebServer(options: WebOptions): Server {
  const { guard, callerOf, limits, isExempt, certificate, hsts } = options;
  const { app, io, flowHost, gate, vouch, kept, onRefused } = options;
  const answer = (req: IncomingMessage, res: ServerResponse) => {
    const refused = guard(req);
    if (refused) {
      onRefused(refused.code);
      const { status, body } = problem({ code: refused.code, detail: refused.message });
      // What it sends is not read: the connection goes with it.
      res.writeHead(status, { "content-type": PROBLEM_TYPE, connection: "close", "cache-control": "no-store" });
      res.end(body);
      return;
    }
    tellTrueOrigin(req, callerOf);
    if (hsts) res.setHeader("strict-transport-security", "max-age=31536000");
    res.setHeader("x-content-type-options", "nosniff");
    res.setHeader("x-frame-options", "SAMEORIGIN");
    res.setHeader("referrer-policy", "same-origin");
    res.setHeader("cross-origin-resource-policy", "same-origin");
    const first = firstOf(req.url);
    if (isSocketIo(req.url)) return io.request(req, res);
    if (!isArea(first)) return app(req, res);
    const asked = { area: first, isUpgrade: false };
    const closed = gate(req, asked);
    if (closed) {
      onRefused(closed.code);
      return sendRefusal(req, res, closed);
    }
    vouch(req, asked);
    flowHost.request(req, res);
  };
  const server = certificate
    ? createTlsServer({ ...serverOptions(limits), ...certificate, minVersion: "TLSv1.2" }, answer)
    : createServer(serverOptions(limits), answer);
  limitConnections(server, limits, isExempt);
  server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A browser that goes away in the middle is no reason to end.
    socket.on("error", () => socket.destroy());
    const refused = guard(req);
    if (refused) {
      onRefused(refused.code);
      return refuseUpgrade(socket, 403, refused.message);
    }
    tellTrueOrigin(req, callerOf);
    const first = firstOf(req.url);
    if (isSocketIo(req.url)) return io.upgrade(req, socket, head);
    if (!isArea(first)) return refuseUpgrade(socket, 404, "nothing here speaks WebSocket.");
    // A header alone makes no upgrade: only what Node calls one is asked of as one.
    const asked = { area: first, isUpgrade: true };
    const closed = gate(req, asked);
    if (closed) {
      onRefused(closed.code);
      return refuseUpgrade(socket, statusOf(closed.code), closed.message);
    }
    kept.keep(req, asked, socket);
    vouch(req, asked);
    flowHost.upgrade(req, socket, head);
  });
  return server;
}

const firstOf = (url: string | undefined): string => /^\/([^/?#]*)/.exec(url ?? "")?.[1] ?? "";
/** With the slash: without one socket.io answers nothing, and the connection would stay for ever. */
const isSocketIo = (url: string | undefined): boolean => url?.startsWith("/io/") ?? false;
const isArea = (first: string): first is Area => first === "editor" || first === "hooks";

/** What comes after us, flows above all, finds in these headers what is so, and not what the caller would like. */
function tellTrueOrigin(req: IncomingMessage, callerOf: CallerOf): void {
  const { address, secure, host } = callerOf(req);
  req.headers["x-forwarded-for"] = address;
  req.headers["x-forwarded-proto"] = secure ? "https" : "http";
  if (host !== undefined) req.headers["x-forwarded-host"] = host;
}

export function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  const text = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
