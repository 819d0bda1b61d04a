/**
 * The one HTTP port. The guard sees every request and every upgrade first; then the first level of the path decides who
 * answers: socket.io (`/io`), the flow host (`/editor`, `/hooks`), or the leader's own express app.
 */
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import { PROBLEM_TYPE, problem } from "../api/problem";
import type { Guard } from "./guard";

/** Somebody else's requests and upgrades. */
export interface Backend {
  request(req: IncomingMessage, res: ServerResponse): void;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface WebOptions {
  readonly guard: Guard;
  readonly app: RequestListener;
  readonly io: Backend;
  readonly flowHost: Backend;
  /** Told of every refusal, for the counters. */
  readonly onRefused: (code: string) => void;
}

/** A server that does not listen yet. A refused request is answered with 403 and its connection closed, its body unread. */
export function createWebServer({ guard, app, io, flowHost, onRefused }: WebOptions): Server {
  const server = createServer((req, res) => {
    const refused = guard(req);
    if (refused) {
      onRefused(refused.code);
      const { status, body } = problem({ code: refused.code, detail: refused.message });
      // What it sends is not read: the connection goes with it.
      res.writeHead(status, { "content-type": PROBLEM_TYPE, connection: "close", "cache-control": "no-store" });
      res.end(body);
      return;
    }
    res.setHeader("x-content-type-options", "nosniff");
    res.setHeader("x-frame-options", "SAMEORIGIN");
    res.setHeader("referrer-policy", "same-origin");
    res.setHeader("cross-origin-resource-policy", "same-origin");
    const backend = backendOf(req.url);
    if (backend) backend.request(req, res);
    else app(req, res);
  });
  const backendOf = (url: string | undefined): Backend | undefined => {
    switch (/^\/([^/?#]*)/.exec(url ?? "")?.[1] ?? "") {
      case "io":
        return io;
      case "editor":
      case "hooks":
        return flowHost;
      default:
        return undefined;
    }
  };
  server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A browser that goes away in the middle is no reason to end.
    socket.on("error", () => socket.destroy());
    const refused = guard(req);
    if (refused) {
      onRefused(refused.code);
      return refuseUpgrade(socket, 403, refused.message);
    }
    const backend = backendOf(req.url);
    if (backend) backend.upgrade(req, socket, head);
    else refuseUpgrade(socket, 404, "nothing here speaks WebSocket.");
  });
  // Slow or half-open callers must not pile up (defaults of Node are 60 s and 300 s).
  server.headersTimeout = 15_000;
  server.requestTimeout = 120_000;
  return server;
}

export function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  const text = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
