/** The house as server-sent events over real HTTP: who may look on, what was missed, and when a stream ends. */
import { createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { EventView, HouseView } from "@skein/contracts";
import { FakeClock, silentLogger } from "@skein/kit";
import express from "express";
import { eventually } from "../../../../test/support/eventually";
import { createApi } from "../api/api";
import type { Actor } from "../auth/actor";
import type { LiveListener } from "./feed";
import { liveRoutes } from "./routes";
import { createLiveStreams, MAX_STREAMS, type LiveStreams } from "./sse";

const event = (id: number, audit = false): EventView => ({
  id,
  at: id,
  type: "test",
  severity: "info",
  audit,
  text: `no ${id}`,
});
const house = { name: "Home" } as HouseView;

let listeners: Set<LiveListener>;
let roles: Map<string, "admin" | "viewer" | "gone">;
let loginsChanged: () => void;
let missed: Promise<EventView[]>;
let askedSince: number[];
let clock: FakeClock;
let streams: LiveStreams;
let server: Server;
const tell: LiveListener = (name, ...args) => {
  for (const listener of listeners) listener(name, ...args);
};

beforeEach(async () => {
  listeners = new Set();
  roles = new Map();
  missed = Promise.resolve([]);
  askedSince = [];
  clock = new FakeClock();
  /** Whoever asks says who it is, as what, and is believed. */
  const actorOf = ({ headers }: IncomingMessage): Actor => {
    const [id = "", said] = String(headers["x-who"] ?? "").split(" ");
    const role = roles.get(id) ?? said;
    return id !== "" && role !== "gone"
      ? {
          by: "session",
          account: { id, name: id, role: role === "admin" ? "admin" : "viewer" },
          scopes: [],
          id,
          address: "",
        }
      : { by: "nobody", scopes: [], address: "" };
  };
  streams = createLiveStreams({
    feed: {
      house: () => house,
      listen(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      event: (each) => tell("event", each),
      device(view) {
        const device = view();
        if (device) tell("device", device);
      },
      changed: (each) => tell("changed", each),
      close: () => {},
    },
    actorStill: actorOf,
    onLoginsChanged(listener) {
      loginsChanged = listener;
      return () => {};
    },
    eventsSince(id) {
      askedSince.push(id);
      return missed;
    },
    clock,
  });
  const api = createApi({
    routes: liveRoutes({ streams }),
    actorOf,
    once: { carryOut: (_call, work) => work() },
    logger: silentLogger,
  });
  server = createServer(express().use(api));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  streams.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
});

interface Heard {
  readonly status: number | undefined;
  readonly answer: IncomingMessage;
  /** Each block's lines. */
  blocks(): string[];
  readonly ended: boolean;
}

/** Opens a stream and resolves when its headers are there; `read: false` never reads. */
function look(path = "/live", headers: Record<string, string> = {}, read = true): Promise<Heard> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, headers: { "x-who": "anna", ...headers }, agent: false };
    get(options, (answer) => {
      let text = "";
      let ended = false;
      if (read) answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
      // A stream that core ends in the middle is "aborted" to its reader.
      answer.on("error", () => {}).on("close", () => (ended = true));
      resolve({
        status: answer.statusCode,
        answer,
        blocks: () => text.split("\n\n").filter((block) => block !== ""),
        get ended() {
          return ended;
        },
      });
    }).on("error", reject);
  });
}

it("tells the house, then what happens, in the page's own words", async () => {
  const heard = await look();
  expect([heard.status, heard.answer.headers["content-type"]]).toEqual([200, "text/event-stream; charset=utf-8"]);
  tell("beat", "attic", 7);
  tell("changed", "registry");
  tell("massLoss", null);
  tell("event", event(3));
  await eventually(() =>
    expect(heard.blocks()).toEqual([
      "retry: 2000",
      'event: house\ndata: {"name":"Home"}',
      'event: beat\ndata: {"id":"attic","at":7}',
      'event: changed\ndata: "registry"',
      "event: massLoss\ndata: null",
      `event: event\nid: 3\ndata: ${JSON.stringify(event(3))}`,
    ]),
  );
});

it("tells only what was asked for, and now and then that it is there", async () => {
  const heard = await look("/live?events=event,changed");
  tell("beat", "attic", 7);
  tell("changed", "flows");
  await clock.advance(15_000);
  await eventually(() => expect(heard.blocks()).toEqual(["retry: 2000", 'event: changed\ndata: "flows"', ":"]));
  expect((await look("/live?events=gossip")).status).toBe(400);
});

it("tells first what was missed, once and in its order, though more happens meanwhile", async () => {
  let answer: (events: EventView[]) => void = () => {};
  missed = new Promise((resolve) => (answer = resolve));
  const heard = await look("/live?events=event&since=1", { "last-event-id": "4" });
  await eventually(() => expect(askedSince).toEqual([4]));
  tell("event", event(6));
  tell("event", event(7));
  answer([event(5), event(6)]);
  const ids = () => heard.blocks().flatMap((block) => /^id: (\d+)$/m.exec(block)?.[1] ?? []);
  await eventually(() => expect(ids()).toEqual(["5", "6", "7"]));
  tell("event", event(8));
  await eventually(() => expect(ids()).toEqual(["5", "6", "7", "8"]));
  await look("/live?since=2");
  await eventually(() => expect(askedSince).toEqual([4, 2]));
});

it("shows the audit log to admins only, what was missed of it too", async () => {
  missed = Promise.resolve([event(1, true), event(2)]);
  const [viewer, admin] = await Promise.all([
    look("/live?events=event&since=0"),
    look("/live?events=event&since=0", { "x-who": "owner admin" }),
  ]);
  const ids = ({ blocks }: Heard) => blocks().flatMap((block) => /^id: (\d+)$/m.exec(block)?.[1] ?? []);
  await eventually(() => expect(ids(admin)).toEqual(["1", "2"]));
  tell("event", event(3, true));
  tell("event", event(4));
  await eventually(() =>
    expect([ids(admin), ids(viewer)]).toEqual([
      ["1", "2", "3", "4"],
      ["2", "4"],
    ]),
  );
});

it("lets no stranger look on, and ends with the login that began it", async () => {
  expect((await look("/live", { "x-who": "" })).status).toBe(401);
  const [anna, ben] = await Promise.all([look(), look("/live", { "x-who": "ben" })]);
  roles.set("anna", "gone");
  loginsChanged();
  await eventually(() => expect([anna.ended, ben.ended, streams.count]).toEqual([true, false, 1]));
});

it("shows the audit log no more to one who is an admin no more", async () => {
  const heard = await look("/live?events=event", { "x-who": "owner admin" });
  const ids = () => heard.blocks().flatMap((block) => /^id: (\d+)$/m.exec(block)?.[1] ?? []);
  tell("event", event(1, true));
  await eventually(() => expect(ids()).toEqual(["1"]));
  roles.set("owner", "viewer");
  loginsChanged();
  tell("event", event(2, true));
  tell("event", event(3));
  await eventually(() => expect(ids()).toEqual(["1", "3"]));
});

it("is ended with the login also when nobody reads it, and what happens then breaks nothing", async () => {
  let unread = () => 0;
  server.once("request", (_req, res) => (unread = () => res.writableLength));
  const deaf = await look("/live?events=event", { "x-who": "anna" }, false);
  const large = { ...event(1), text: "x".repeat(64 * 1024) };
  // As much as the system takes, and one more: less than what closes it by itself.
  for (let n = 0; n < 5_000 && unread() === 0; n++) {
    tell("event", large);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([unread() > 0, streams.count]).toEqual([true, 1]);
  roles.set("anna", "gone");
  loginsChanged();
  tell("event", event(2));
  await clock.advance(15_000);
  tell("event", event(3));
  await eventually(() => expect([streams.count, listeners.size]).toEqual([0, 0]));
  deaf.answer.destroy();
});

it("has so many streams an account, and forgets those that went", async () => {
  const all = await Promise.all(Array.from({ length: MAX_STREAMS }, () => look()));
  expect((await look()).status).toBe(429);
  expect((await look("/live", { "x-who": "ben" })).status).toBe(200);
  all[0]?.answer.destroy();
  await eventually(() => expect([streams.count, listeners.size]).toEqual([MAX_STREAMS, MAX_STREAMS]));
  expect((await look()).status).toBe(200);
});

it("closes one that does not read, before it fills the leader's memory", async () => {
  const deaf = await look("/live?events=event", {}, false);
  const reader = await look("/live?events=event", { "x-who": "ben" });
  const large = { ...event(1), text: "x".repeat(64 * 1024) };
  // One at a time, so that whoever reads can: what the kernel keeps for the deaf one is full after a few megabytes.
  for (let n = 0; n < 5_000 && streams.count > 1; n++) {
    tell("event", large);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([streams.count, listeners.size, reader.ended]).toEqual([1, 1, false]);
  deaf.answer.destroy();
});
