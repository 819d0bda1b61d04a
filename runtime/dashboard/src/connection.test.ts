/** The page's socket against a real server: how long an order may take, and what is lost with the connection. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ActionResult, PageToServer, ServerToPage } from "@skein/contracts";
import { Server } from "socket.io";
import { connect, type Connection } from "./connection";
import { createHouse } from "./house";

const HOUR_MS = 3_600_000;
type Answer = (result: ActionResult) => void;
let io: Server<PageToServer, ServerToPage>;
let page: Connection;
let orders: Answer[];
let onOrder: (answer: Answer) => void;

const nextOrder = () => new Promise<Answer>((resolve) => (onOrder = resolve));
const connected = () =>
  new Promise<void>((resolve) => {
    const stop = page.connected.subscribe((is) => is && setImmediate(() => (stop(), resolve())));
  });

beforeEach(async () => {
  orders = [];
  onOrder = () => {};
  const http = createServer();
  io = new Server(http, { path: "/io", pingInterval: 10 * HOUR_MS, pingTimeout: 10 * HOUR_MS });
  io.on("connection", (socket) => socket.on("broker", (_action, answer) => (orders.push(answer), onOrder(answer))));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  page = connect(
    createHouse(() => {}),
    `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
  );
  await connected();
});
afterEach(async () => {
  jest.useRealTimers();
  page.close();
  await io.close();
});

it("waits for an order as long as the leader works on it", async () => {
  const heard = nextOrder();
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "performance"] });
  const stopped = page.orders.broker("stop");
  jest.advanceTimersByTime(HOUR_MS);
  jest.useRealTimers();
  (await heard)({ ok: true });
  expect(await stopped).toEqual({ ok: true });
});

it("says when the connection is lost before the answer, and sends nothing late", async () => {
  const heard = nextOrder();
  const stopped = page.orders.broker("stop");
  await heard;
  io.disconnectSockets(true);
  const lost = { ok: false, code: "LEADER_NO_ANSWER" };
  expect(await stopped).toMatchObject(lost);
  expect(await page.orders.broker("start")).toMatchObject(lost);
  await connected();
  // What had been kept would come before this one.
  const next = nextOrder();
  void page.orders.broker("stop");
  await next;
  expect(orders).toHaveLength(2);
});

it("says when the leader speaks with nobody who is not logged in, and comes again when somebody is", async () => {
  let loggedIn = false;
  io.use((_socket, next) =>
    next(loggedIn ? undefined : Object.assign(new Error("log in first"), { data: { code: "LOGIN_NEEDED" } })),
  );
  const needed = new Promise<void>((resolve) => {
    page.close();
    const { port } = io.httpServer.address() as AddressInfo;
    page = connect(
      createHouse(() => {}),
      `http://127.0.0.1:${port}`,
      { loginNeeded: resolve, changed: (resource) => heard.push(resource), event: ({ text }) => heard.push(text) },
    );
  });
  const heard: string[] = [];
  await needed;
  expect(page.connected.value).toBe(false);
  loggedIn = true;
  page.revive();
  await connected();
  io.emit("changed", "notices");
  io.emit("event", { id: 1, at: 0, type: "login", severity: "info", audit: true, text: "Ada has logged in." });
  // An answer that is sent later comes later: by then both are here.
  const asked = nextOrder();
  const answered = page.orders.broker("stop");
  (await asked)({ ok: true });
  await answered;
  expect(heard).toEqual(["notices", "Ada has logged in."]);
});
