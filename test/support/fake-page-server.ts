import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { ActionResult, FollowerView, HouseView, PageToServer, ServerToPage } from "@skein/contracts";
import { Server } from "socket.io";
import { fakeApi, fakeHouse, type FakeApi } from "./fake-api";

/**
 * The leader as the page sees it and nothing behind it: serves the built page and says on the socket what a test tells it to.
 * For what a real leader does only after long or by bad luck: a stalled core, a refused order, a week's absence.
 */
export interface FakePageServer {
  /** No slash at the end, as a leader's in a test. */
  readonly url: string;
  /** What the REST API answers from; change it freely. */
  readonly api: FakeApi;
  /** What is told at a connection; change it freely. */
  house: HouseView;
  /** The leader's clock is this far from this machine's, ms. */
  offsetMs: number;
  /** While false no tick is sent, as from a core that is stalled. */
  ticking: boolean;
  /** Orders as they came, newest last. */
  readonly orders: { readonly name: string; readonly args: readonly unknown[] }[];
  /** The answer to the next orders; undefined never answers. */
  answer: ActionResult | undefined;
  now(): number;
  say<E extends keyof ServerToPage>(event: E, ...args: Parameters<ServerToPage[E]>): void;
  change(id: string, parts: Partial<FollowerView>): void;
  /** Ends every socket; each may come back if it is let in. */
  cut(): void;
  /** Cuts every connection and refuses new ones until `back`. */
  vanish(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
}

const DIST = join(__dirname, "../../runtime/dashboard/dist");
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};
/** The leader's own (runtime/src/core/web/app.ts): what the page may not do there it may not do here. */
const CSP =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'";

export async function startFakePageServer(house: (now: number) => HouseView): Promise<FakePageServer> {
  let port = 0;
  let http = createServer();
  let io = new Server<PageToServer, ServerToPage>();

  async function listen(): Promise<void> {
    http = createServer((request, response) => {
      response.setHeader("content-security-policy", CSP);
      if (request.url?.startsWith("/api/v1/")) {
        request.url = request.url.slice("/api/v1".length);
        return api(request, response);
      }
      const path = normalize(new URL(request.url ?? "/", "http://page").pathname);
      const file = path === "/" ? "/index.html" : path;
      try {
        const body = readFileSync(join(DIST, file));
        response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream").end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
    io = new Server(http, { path: "/io" });
    io.use((_socket, next) =>
      next(self.api.me ? undefined : Object.assign(new Error("log in first"), { data: { code: "LOGIN_NEEDED" } })),
    );
    io.on("connection", (socket) => {
      socket.emit("house", { ...self.house, at: self.now() });
      const answered = (name: string, args: readonly unknown[], answer: (result: ActionResult) => void) => {
        self.orders.push({ name, args });
        if (self.answer) answer(self.answer);
      };
      socket.on("maintenance", (id, forMs, answer) => answered("maintenance", [id, forMs], answer));
      socket.on("host", (id, action, answer) => answered("host", [id, action], answer));
      socket.on("randomFaults", (on, answer) => answered("randomFaults", [on], answer));
      socket.on("lamp", (id, action, answer) => answered("lamp", [id, action], answer));
      socket.on("broker", (action, answer) => answered("broker", [action], answer));
    });
    await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
    port = (http.address() as AddressInfo).port;
  }
  const vanish = async () => {
    http.closeAllConnections();
    await io.close();
  };

  const self: FakePageServer = {
    url: "",
    api: fakeHouse(Date.now()),
    house: house(Date.now()),
    offsetMs: 0,
    ticking: true,
    orders: [],
    answer: { ok: true },
    now: () => Date.now() + self.offsetMs,
    say: (event, ...args) => void io.emit(event, ...args),
    change(id, parts) {
      const followers = self.house.followers.map((view) => (view.id === id ? { ...view, ...parts } : view));
      self.house = { ...self.house, followers };
      const changed = followers.find((view) => view.id === id);
      if (changed) io.emit("follower", changed);
    },
    cut: () => io.disconnectSockets(true),
    vanish,
    back: listen,
    async close() {
      clearInterval(timer);
      await vanish();
    },
  };
  const api = fakeApi(self.api, (resource) => void io.emit("changed", resource));
  const timer = setInterval(() => {
    if (self.ticking) io.emit("tick", self.now());
  }, 1_000);
  await listen();
  return Object.assign(self, { url: `http://127.0.0.1:${port}` });
}
