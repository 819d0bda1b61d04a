/** The live page's socket of a real core, with the client that the page uses. */
import type { FollowerView, HouseHealth, HouseView, MassLossView, PageToServer, ServerToPage } from "@skein/contracts";
import { heartbeat, hostCommand, MAX_MAINTENANCE_MS, VIRTUAL_HOME_ID, virtualHome } from "@skein/contracts";
import { io, type Socket } from "socket.io-client";
import { eventually } from "../../../../test/support/eventually";
import { bearer } from "../testing/owner";
import { BOOT_ID, coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";

let house: CoreOnMemory;
let page: Socket<ServerToPage, PageToServer>;
const views: HouseView[] = [];
const followers: FollowerView[] = [];
const beats: string[] = [];
const health: HouseHealth[] = [];
const losses: (MassLossView | null)[] = [];
const faults: boolean[] = [];
let ticks = 0;

beforeAll(async () => {
  house = await coreOnMemory({ demo: true, accounts: ["admin", "viewer"] });
  await house.follower("attic");
  page = io(house.url, { path: "/io", transports: ["websocket"], extraHeaders: bearer(house.owner) });
  page.on("house", (view) => views.push(view));
  page.on("follower", (view) => followers.push(view));
  page.on("beat", (id) => beats.push(id));
  page.on("health", (view) => health.push(view));
  page.on("massLoss", (view) => losses.push(view));
  page.on("randomFaults", (on) => faults.push(on));
  page.on("tick", () => ticks++);
  await eventually(() => expect(views).toHaveLength(1));
});
afterAll(async () => {
  page?.disconnect();
  await house?.stop();
});

it("tells the whole house at connection", () => {
  expect(views[0]).toMatchObject({
    name: "Home",
    version: "1.2.3",
    demo: true,
    randomFaults: false,
    followers: [{ id: "attic" }],
    health: { core: "up" },
  });
});

it("tells of changes, beats, the parts, and that time goes on", async () => {
  const garden = await house.follower("garden");
  await garden.publish(heartbeat, { id: "garden" }, { bootId: BOOT_ID, nextInMs: 5000, capabilities: {} });
  house.core.setParts({ type: "parts", broker: "up", core: "up", flowHost: "stalled", safeMode: true });
  await eventually(() => {
    expect(followers.at(-1)).toMatchObject({ id: "garden" });
    expect(beats).toContain("garden");
    expect(health.at(-1)).toMatchObject({ ok: false, flowHost: "stalled", safeMode: true });
    expect(ticks).toBeGreaterThan(1);
  });
});

it("answers each order once: done, or why not", async () => {
  expect(await page.emitWithAck("maintenance", "attic", 60_000)).toEqual({ ok: true });
  await eventually(() => expect(followers.findLast(({ id }) => id === "attic")?.verdict.state).toBe("maintenance"));
  expect(await page.emitWithAck("maintenance", "nobody", 1)).toMatchObject({ ok: false, code: "FOLLOWER_UNKNOWN" });
  expect(await page.emitWithAck("host", "attic", "freeze")).toMatchObject({ ok: false, code: "FOLLOWER_NOT_VIRTUAL" });
  const wrong = page as unknown as { emitWithAck(event: string, ...args: unknown[]): Promise<unknown> };
  for (const order of [
    ["maintenance", {}, "x"],
    ["maintenance"],
    ["maintenance", "attic", MAX_MAINTENANCE_MS + 1],
    ["host", "attic", "explode"],
    ["broker", 1],
    ["randomFaults", "yes"],
  ] as const) {
    expect(await wrong.emitWithAck(...(order as unknown as [string, ...unknown[]]))).toMatchObject({
      ok: false,
      code: "REQUEST_INVALID",
    });
  }
});

it("tells of a mass loss as core's notice does, and when it is over", async () => {
  const ids = ["cellar", "loft", "porch", "shed"];
  const buses = await Promise.all(ids.map((id) => house.follower(id)));
  await eventually(() => expect(new Set(followers.map(({ id }) => id))).toEqual(new Set(["attic", "garden", ...ids])));
  for (const bus of buses) bus.kill();
  // The garden has been silent for a while and may be lost with them.
  await eventually(() => expect(losses.at(-1)?.lost).toBeGreaterThanOrEqual(4));
  const late = io(house.url, { path: "/io", transports: ["websocket"], extraHeaders: bearer(house.owner) }) as Socket<
    ServerToPage,
    PageToServer
  >;
  const view = await new Promise<HouseView>((resolve) => late.once("house", resolve));
  late.disconnect();
  expect(view.massLoss).toEqual(losses.at(-1));
  for (const id of ids) await house.follower(id);
  await eventually(() => expect(losses.at(-1)).toBeNull());
});

it("shows the random faults as the virtual home says they are, also when a new one has them off", async () => {
  const home = house.bus(VIRTUAL_HOME_ID, "follower");
  const say = (randomFaults: boolean) => home.publish(virtualHome, { id: VIRTUAL_HOME_ID }, { randomFaults });
  await home.serve(hostCommand, { target: VIRTUAL_HOME_ID }, async ({ data }) => {
    if (data.action === "random-faults") await say(data.on);
  });
  expect(await page.emitWithAck("randomFaults", true)).toEqual({ ok: true });
  await eventually(() => expect(faults).toEqual([true]));
  // It crashed and was started again.
  await say(false);
  await eventually(() => expect(faults).toEqual([true, false]));
  await say(true);
  await house.restart();
  await eventually(() => expect(views.at(-1)).toMatchObject({ randomFaults: true }));
});

it("does not let a foreign page in", async () => {
  const foreign = io(house.url, {
    path: "/io",
    transports: ["websocket"],
    extraHeaders: { Origin: "http://evil.example" },
    reconnection: false,
  });
  const error = await new Promise<Error>((resolve) => foreign.once("connect_error", resolve));
  foreign.disconnect();
  expect(error.message).toContain("websocket error");
});

it("lets a browser look on as long as it is logged in, and tells the audit log to admins only", async () => {
  const origin = house.url;
  const post = (path: string, headers: Record<string, string>, body: object) =>
    fetch(`${house.url}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin, ...headers },
      body: JSON.stringify(body),
    });
  const { account, password } = house.logins.viewer;
  const audited: string[] = [];
  page.on("event", ({ type, audit }) => audit && audited.push(type));
  const login = await post("/login", {}, { account, password });
  const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const viewer = io(house.url, {
    path: "/io",
    transports: ["websocket"],
    extraHeaders: { cookie, origin },
    forceNew: true,
  }) as Socket<ServerToPage, PageToServer>;
  const left = new AbortController();
  let heard = 0;
  const reasons: string[] = [];
  viewer.on("event", ({ audit }) => audit && heard++);
  viewer.on("disconnect", (reason) => reasons.push(reason));
  try {
    await new Promise<HouseView>((resolve) => viewer.once("house", resolve));
    const stream = await fetch(`${house.url}/api/v1/live`, { headers: { cookie }, signal: left.signal });
    expect(stream.status).toBe(200);
    const seen = async () => {
      const answer = await fetch(`${house.url}/api/v1/sessions`, { headers: bearer(house.logins.viewer) });
      const { sessions } = (await answer.json()) as { sessions: { id: string; lastSeenAt: number }[] };
      return new Map(sessions.map(({ id, lastSeenAt }) => [id, lastSeenAt]));
    };
    const last = await seen();
    const before = audited.length;
    await post("/login", {}, { account, password });
    await eventually(() => expect(audited.length).toBeGreaterThan(before));
    // What was told before this tick has arrived before it.
    await new Promise<number>((resolve) => viewer.once("tick", resolve));
    expect([heard, reasons]).toEqual([0, []]);
    // The socket and the stream were asked about again, and nobody was seen by that.
    expect([...(await seen())].filter(([id]) => last.has(id))).toEqual([...last]);
    expect((await post("/logout", { cookie }, {})).status).toBe(204);
    await eventually(() => expect(reasons).toEqual(["io server disconnect"]));
  } finally {
    left.abort();
    viewer.disconnect();
  }
});
