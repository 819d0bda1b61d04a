/** The live page's socket: the whole house at connection, then every change; and the orders that a page may give. */
import { createServer, type IncomingMessage } from "node:http";
import type { PageToServer, ServerToPage } from "@skein/contracts";
import { hasCode, messageOf } from "@skein/kit";
import { Server } from "socket.io";
import type { Actor } from "../auth/actor";
import { authorise, mayPass } from "../auth/authorise";
import { LOOK_ON, maySee, type LiveSockets, type Onlookers } from "./live";
import { obey, ORDERS, type OrderName, type OrderParts } from "./orders";

export interface SocketParts extends Onlookers, OrderParts {
  /** Who sends a request. */
  readonly actorOf: (req: IncomingMessage) => Actor;
}

interface SocketData {
  actor: Actor;
}

/** So many connections are kept for those who are not logged in, each until it is silent for 10 s. */
const MAX_STRANGERS = 50;
/** Those who may see the audit log. */
const ADMINS = "admins";

/** A socket.io server that is not yet attached to any port: the web server hands it requests and upgrades. */
export function createLiveSockets({
  feed,
  actorOf,
  actorStill,
  onLoginsChanged,
  actions,
  logger,
}: SocketParts): LiveSockets {
  // A server that never listens: the web server hands over what is socket.io's, after its guard.
  const inner = createServer();
  let strangers = 0;
  const io = new Server<PageToServer, ServerToPage, Record<string, never>, SocketData>(inner, {
    path: "/io",
    serveClient: false,
    maxHttpBufferSize: 16 * 1024,
    allowRequest: (req, answer) => answer(null, strangers < MAX_STRANGERS || actorOf(req).by !== "nobody"),
    pingInterval: 5_000,
    pingTimeout: 5_000,
  });
  io.use((socket, next) => {
    try {
      const actor = actorOf(socket.request);
      authorise(actor, LOOK_ON);
      socket.data = { actor };
      next();
    } catch (error) {
      const code = hasCode(error) ? error.code : "INTERNAL_ERROR";
      next(Object.assign(new Error(messageOf(error)), { data: { code } }));
    }
  });
  // A page that is not logged in is told so by `io.use`, and for that it needs a connection for a moment.
  io.engine.on(
    "connection",
    (connection: { request: IncomingMessage; once(event: "close", listener: () => void): void }) => {
      if (actorOf(connection.request).by !== "nobody") return;
      strangers += 1;
      connection.once("close", () => (strangers -= 1));
    },
  );
  let stopFeed: (() => void) | undefined;
  io.on("connection", (socket) => {
    // Not volatile: that drops whatever comes right after something else. A page that no longer reads is closed after 10 s.
    stopFeed ??= feed.listen((name, ...args) => {
      const to = name === "event" && !maySee(NOBODY, name, args[0]) ? io.to(ADMINS) : io;
      to.emit(name, ...(args as never));
    });
    socket.on("disconnect", () => {
      if (io.sockets.sockets.size > 0) return;
      stopFeed?.();
      stopFeed = undefined;
    });
    admit(socket);
    socket.emit("house", feed.house());
    for (const name of Object.keys(ORDERS) as OrderName[])
      (socket as unknown as Untyped).on(name, (...args) => {
        const answer = args.pop();
        if (typeof answer !== "function") return;
        // Who gives the order is asked anew: a login may have ended, or a role changed.
        void obey(name, args, () => actorOf(socket.request), { actions, logger }).then(
          (result) => answer(result) as void,
        );
      });
  });
  const stopLogins = onLoginsChanged(() => {
    for (const socket of io.sockets.sockets.values()) {
      socket.data.actor = actorStill(socket.request);
      if (mayPass(socket.data.actor, LOOK_ON)) admit(socket);
      else socket.disconnect(true);
    }
  });
  return {
    request: (req, res) => void inner.emit("request", req, res),
    upgrade: (req, socket, head) => void inner.emit("upgrade", req, socket, head),
    async close() {
      stopFeed?.();
      stopLogins();
      await io.close();
    },
  };
}

/** Into the audit log's room, or out of it. */
function admit(socket: { data: SocketData; join(room: string): unknown; leave(room: string): unknown }): void {
  void (maySee(socket.data.actor, "event", { audit: true }) ? socket.join(ADMINS) : socket.leave(ADMINS));
}

const NOBODY: Actor = { by: "nobody", scopes: [], address: "" };

/** What comes from outside has any name and any arguments. */
interface Untyped {
  on(event: string, listener: (...args: unknown[]) => void): void;
}
