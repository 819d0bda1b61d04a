/** The API of a real core on a memory bus, over real HTTP. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createUser, readUsers } from "@skein/broker";
import type { Bus } from "@skein/bus";
import {
  followerView,
  heartbeat,
  hostCommand,
  maintenanceCommand,
  verdict,
  type EventsPage,
  type JoinCodesView,
  type VerdictData,
} from "@skein/contracts";
import { systemRandom } from "@skein/kit";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { bearer } from "../testing/owner";
import { BOOT_ID, coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";

let house: CoreOnMemory;
let attic: Bus;
beforeAll(async () => {
  house = await coreOnMemory({ demo: true });
  attic = await house.follower("attic", { name: "The attic" });
  await eventually(async () =>
    expect((await get("/api/v1/followers/attic")).body).toMatchObject({ verdict: { state: "alive" } }),
  );
});
afterAll(() => house?.stop());

/** As the owner. */
const as = ({ url, owner }: CoreOnMemory) => request.agent(url).set(bearer(owner));
const get = (path: string) => as(house).get(path);
const problemOf = ({ status, type, body }: request.Response) => [status, type, (body as { code?: string }).code];
const PROBLEM = "application/problem+json";

it("lists followers in the shape that is promised", async () => {
  const { body } = await get("/api/v1/followers").expect(200);
  const [follower] = (body as { followers: unknown[] }).followers;
  expect(follower).toMatchObject({
    id: "attic",
    name: "The attic",
    virtual: false,
    verdict: { state: "alive", since: expect.any(Number) },
    lastSeenAt: expect.any(Number),
    capabilities: [{ name: "health", condition: "ok" }],
  });
  expect(followerView.parse(follower)).toEqual(follower);
});

it("tells of one follower, and of one that is not known", async () => {
  expect((await get("/api/v1/followers/attic").expect(200)).body).toMatchObject({ id: "attic" });
  expect(problemOf(await get("/api/v1/followers/nobody"))).toEqual([404, PROBLEM, "FOLLOWER_UNKNOWN"]);
  expect(problemOf(await get("/api/v1/followers/__proto__"))).toEqual([404, PROBLEM, "FOLLOWER_UNKNOWN"]);
});

it("puts a follower into maintenance and takes it out again, by HTTP and by the bus", async () => {
  const post = (body: object) => as(house).post("/api/v1/followers/attic/maintenance").send(body);
  const before = Date.now();
  const { body } = await post({ forMs: 60_000, reason: "new shelf" }).expect(200);
  const { verdict: now } = body as { verdict: VerdictData };
  expect(now).toMatchObject({ state: "maintenance", cause: "request" });
  expect((now.until ?? 0) - before).toBeGreaterThanOrEqual(59_000);
  await post({ forMs: 0 }).expect(200);
  expect((await get("/api/v1/followers/attic")).body).not.toMatchObject({ verdict: { state: "maintenance" } });

  const tool = house.bus("tool");
  await eventually(() => expect(tool.link.up).toBe(true));
  expect(await tool.request(maintenanceCommand, {}, { follower: "attic", forMs: 60_000 })).toMatchObject({ ok: true });
  expect((await get("/api/v1/followers/attic")).body).toMatchObject({ verdict: { state: "maintenance" } });
  expect(await tool.request(maintenanceCommand, {}, { follower: "attic", forMs: 0 })).toMatchObject({ ok: true });
  expect(await tool.request(maintenanceCommand, {}, { follower: "nobody", forMs: 1 })).toMatchObject({
    ok: false,
    code: "FOLLOWER_UNKNOWN",
  });
});

it("forgets one that is gone, with its verdict on the bus, and not one that lives", async () => {
  expect(problemOf(await as(house).delete("/api/v1/followers/attic"))).toEqual([409, PROBLEM, "FOLLOWER_ALIVE"]);
  const shed = await house.follower("shed");
  await eventually(async () => expect((await get("/api/v1/followers/shed")).status).toBe(200));
  await shed.close();
  await eventually(async () =>
    expect((await get("/api/v1/followers/shed")).body).toMatchObject({
      verdict: { state: "left", cause: "clean-stop" },
    }),
  );
  await as(house).delete("/api/v1/followers/shed").expect(204);
  expect(problemOf(await get("/api/v1/followers/shed"))).toEqual([404, PROBLEM, "FOLLOWER_UNKNOWN"]);
  const heard: string[] = [];
  await house.bus("late").subscribe(verdict, {}, ({ ids }) => heard.push(ids.id));
  await eventually(() => expect(heard).toContain("attic"));
  expect(heard).not.toContain("shed");
  // Its own birth stays kept on the broker, and brings it back neither now nor after a restart; it itself does.
  await house.restart();
  await eventually(async () => expect((await get("/api/v1/followers/attic")).status).toBe(200));
  expect(problemOf(await get("/api/v1/followers/shed"))).toEqual([404, PROBLEM, "FOLLOWER_UNKNOWN"]);
  await house.follower("shed");
  await eventually(async () =>
    expect((await get("/api/v1/followers/shed")).body).toMatchObject({ verdict: { state: "alive" } }),
  );
});

it("shows who may come and was never heard, and removes it with its login and its place", async () => {
  const users = join(house.dir, "secrets", "bus-users.json");
  mkdirSync(dirname(users), { recursive: true });
  for (const id of ["flow-host", "attic", "vm-2"]) createUser(users, { role: "follower", id }, systemRandom);
  const unheard = async () => ((await get("/api/v1/join-codes").expect(200)).body as JoinCodesView).unheard;
  const place = "/api/v1/places/follower/vm-2";
  await as(house).put(place).send({ name: "Garage board" }).expect(200);
  expect(await unheard()).toEqual([{ id: "vm-2" }]);
  await as(house).delete("/api/v1/followers/vm-2").expect(204);
  expect(await unheard()).toEqual([]);
  expect(Object.keys(readUsers(users))).not.toContain("vm-2");
  await eventually(async () => expect((await get(place)).body).not.toHaveProperty("name"));
  const { events } = (await get("/api/v1/events?audit=true").expect(200)).body as EventsPage;
  expect(events.find(({ type }) => type === "follower-removed")).toMatchObject({
    text: "Garage board was removed from the house.",
    subject: { kind: "follower", id: "vm-2" },
  });
});

it("hands what a virtual host is to suffer to the one that runs it, and its answer back", async () => {
  const home = house.bus("virtual-home", "follower");
  const suffered: unknown[] = [];
  await home.serve(hostCommand, { target: "virtual-home" }, ({ data }) => {
    if (data.action === "reboot") throw Object.assign(new Error("it is unplugged"), { code: "HOST_UNPLUGGED" });
    suffered.push(data);
  });
  await house.follower("cellar", {
    virtual: true,
    controls: { target: "virtual-home", actions: ["freeze", "reboot"] },
  });
  await eventually(async () =>
    expect((await get("/api/v1/followers/cellar")).body).toMatchObject({
      virtual: true,
      controls: ["freeze", "reboot"],
    }),
  );
  const post = (id: string, body: object) => as(house).post(`/api/v1/followers/${id}/host`).send(body);
  await post("cellar", { action: "freeze" }).expect(200);
  expect(suffered).toEqual([{ action: "freeze", follower: "cellar" }]);
  expect(problemOf(await post("cellar", { action: "reboot" }))).toEqual([409, PROBLEM, "HOST_UNPLUGGED"]);
  expect(problemOf(await post("cellar", { action: "crash" }))).toEqual([409, PROBLEM, "FOLLOWER_NOT_VIRTUAL"]);
  expect(problemOf(await post("attic", { action: "freeze" }))).toEqual([409, PROBLEM, "FOLLOWER_NOT_VIRTUAL"]);
  expect(problemOf(await post("cellar", { action: "explode" }))).toEqual([400, PROBLEM, "REQUEST_INVALID"]);
});

it("asks the launcher to stop the broker, and answers when it has", async () => {
  const answer = as(house)
    .post("/api/v1/broker")
    .send({ action: "stop" })
    .then((response) => response);
  await eventually(() => expect(house.asked).toEqual([{ type: "broker", action: "stop" }]));
  house.core.setParts({ type: "parts", broker: "stopped", core: "up", flowHost: "up", safeMode: false });
  expect((await answer).status).toBe(200);
  expect((await get("/healthz").expect(503)).body).toMatchObject({ ok: false, broker: "stopped" });
  house.core.setParts({ type: "parts", broker: "up", core: "up", flowHost: "up", safeMode: false });
  expect((await get("/healthz").expect(200)).body).toEqual({
    ok: true,
    broker: "up",
    core: "up",
    flowHost: "up",
    safeMode: false,
  });
});

it("says that the broker was started when the launcher does, and that all is well when core has found it again", async () => {
  const parts = { type: "parts", core: "up", flowHost: "up", safeMode: false } as const;
  house.hub.stop();
  house.core.setParts({ ...parts, broker: "stopped" });
  const before = house.asked.length;
  const answer = as(house)
    .post("/api/v1/broker")
    .send({ action: "start" })
    .then((response) => response);
  await eventually(() => expect(house.asked.slice(before)).toEqual([{ type: "broker", action: "start" }]));
  house.core.setParts({ ...parts, broker: "up" });
  expect((await answer).status).toBe(200);
  expect((await get("/healthz").expect(503)).body).toMatchObject({ ok: false, broker: "starting" });
  house.hub.start();
  await eventually(async () => expect((await get("/healthz")).body).toMatchObject({ ok: true, broker: "up" }));
});

describe("what is wrong is said", () => {
  it.each`
    method      | path                                      | type                                   | body                                    | expected
    ${"post"}   | ${"/api/v1/followers/attic/maintenance"}  | ${"application/json"}                  | ${"{"}                                  | ${[400, PROBLEM, "BODY_INVALID"]}
    ${"post"}   | ${"/api/v1/followers/attic/maintenance"}  | ${"application/json"}                  | ${'{"forMs":-1}'}                       | ${[400, PROBLEM, "REQUEST_INVALID"]}
    ${"post"}   | ${"/api/v1/followers/attic/maintenance"}  | ${"application/json"}                  | ${'{"forms":1}'}                        | ${[400, PROBLEM, "REQUEST_INVALID"]}
    ${"post"}   | ${"/api/v1/followers/attic/maintenance"}  | ${"application/json"}                  | ${'"text"'}                             | ${[400, PROBLEM, "BODY_INVALID"]}
    ${"post"}   | ${"/api/v1/followers/attic/maintenance"}  | ${"application/json"}                  | ${"[]"}                                 | ${[400, PROBLEM, "REQUEST_INVALID"]}
    ${"post"}   | ${"/api/v1/followers/attic/maintenance"}  | ${"application/json"}                  | ${`{"reason":"${"x".repeat(20_000)}"}`} | ${[413, PROBLEM, "BODY_TOO_LARGE"]}
    ${"post"}   | ${"/api/v1/followers/attic/maintenance"}  | ${"application/x-www-form-urlencoded"} | ${"forMs=1"}                            | ${[415, PROBLEM, "BODY_NOT_JSON"]}
    ${"post"}   | ${"/api/v1/followers/attic/maintenance"}  | ${"text/plain"}                        | ${"{}"}                                 | ${[415, PROBLEM, "BODY_NOT_JSON"]}
    ${"post"}   | ${"/api/v1/followers/nobody/maintenance"} | ${"application/json"}                  | ${"{}"}                                 | ${[404, PROBLEM, "FOLLOWER_UNKNOWN"]}
    ${"delete"} | ${"/api/v1/followers/nobody"}             | ${undefined}                           | ${undefined}                            | ${[404, PROBLEM, "FOLLOWER_UNKNOWN"]}
    ${"put"}    | ${"/api/v1/followers/attic"}              | ${"application/json"}                  | ${"{}"}                                 | ${[405, PROBLEM, "METHOD_NOT_ALLOWED"]}
    ${"post"}   | ${"/api/v1/followers"}                    | ${"application/json"}                  | ${"{}"}                                 | ${[405, PROBLEM, "METHOD_NOT_ALLOWED"]}
    ${"get"}    | ${"/api/v1/nothing"}                      | ${undefined}                           | ${undefined}                            | ${[404, PROBLEM, "ROUTE_UNKNOWN"]}
    ${"get"}    | ${"/api/v2/followers"}                    | ${undefined}                           | ${undefined}                            | ${[404, PROBLEM, "ROUTE_UNKNOWN"]}
    ${"get"}    | ${"/api/v1/followers/%"}                  | ${undefined}                           | ${undefined}                            | ${[400, PROBLEM, "REQUEST_INVALID"]}
    ${"post"}   | ${"/api/v1/broker"}                       | ${"application/json"}                  | ${'{"action":"explode"}'}               | ${[400, PROBLEM, "REQUEST_INVALID"]}
  `(
    "$method $path $type -> $expected",
    async ({
      method,
      path,
      type,
      body,
      expected,
    }: {
      method: "get" | "post" | "put" | "delete";
      path: string;
      type?: string;
      body?: string;
      expected: unknown[];
    }) => {
      const asked = as(house)[method](path);
      expect(problemOf(await (type === undefined ? asked : asked.set("content-type", type).send(body)))).toEqual(
        expected,
      );
    },
  );

  it.each`
    body                | said
    ${'{"forMs":1e99}'} | ${"forMs: must be at most 2592000000."}
    ${'{"forms":1}'}    | ${'unknown key "forms"; did you mean "forMs"?'}
  `("in plain words: $body", async ({ body, said }: { body: string; said: string }) => {
    const asked = as(house).post("/api/v1/followers/attic/maintenance").set("content-type", "application/json");
    expect((await asked.send(body)).body).toMatchObject({ detail: said });
  });

  it("keeps the demo's switches to the demo", async () => {
    const real = await coreOnMemory();
    try {
      expect(problemOf(await as(real).post("/api/v1/broker").send({ action: "stop" }))).toEqual([
        403,
        PROBLEM,
        "DEMO_ONLY",
      ]);
    } finally {
      await real.stop();
    }
  });
});

it("is no news to anybody when core restarts", async () => {
  const beat = () => attic.publish(heartbeat, { id: "attic" }, { bootId: BOOT_ID, nextInMs: 5000, capabilities: {} });
  const now = async () => ((await get("/api/v1/followers/attic")).body as { verdict: VerdictData }).verdict;
  await beat();
  await eventually(async () => expect(await now()).toMatchObject({ state: "alive" }));
  const { since } = await now();
  const heard: VerdictData[] = [];
  await house.bus("witness").subscribe(verdict, { id: "attic" }, ({ data }) => heard.push(data));
  await house.restart();
  await beat();
  await eventually(async () => expect(await now()).toMatchObject({ state: "alive", since }));
  expect(heard.map(({ state }) => state).filter((state) => state !== "alive" && state !== "unknown")).toEqual([]);
});
