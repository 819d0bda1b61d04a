/** The house registry of a real core on a memory bus, over real HTTP. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  flowDeployed,
  houseState,
  noticeAnswerCommand,
  noticeCommand,
  noticesView,
  REGISTRY_LIMITS,
  routine,
  routineCommand,
  type EventsPage,
  type RegistryView,
  type Role,
} from "@skein/contracts";
import { openHistory } from "@skein/history";
import { silentLogger, systemClock } from "@skein/kit";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";
import { createResidents, type ResidentKeeper } from "./residents";

let house: CoreOnMemory;
let onBus: RegistryView[];
beforeAll(async () => {
  house = await coreOnMemory({ accounts: ["admin", "designer", "viewer"] });
  onBus = [];
  await house.bus("tool").subscribe(houseState, {}, ({ data }) => void onBus.push(data));
});
afterAll(() => house?.stop());

const call = (method: "get" | "post" | "patch" | "put" | "delete", path: string, body?: object, as: Role = "admin") => {
  const asked = request(house.url)[method](`/api/v1${path}`).set(bearer(house.logins[as]));
  return body ? asked.send(body) : asked;
};
const codeOf = ({ body }: request.Response) => (body as { code?: string }).code;

it("has nobody and nothing at first, and says so on the bus", async () => {
  expect((await call("get", "/registry").expect(200)).body).toEqual({
    rooms: [],
    residents: [],
    places: [],
    groups: [],
  });
  await eventually(() => expect(onBus.at(-1)).toEqual({ rooms: [], residents: [], places: [], groups: [] }));
});

it("makes rooms with ids of their names, and refuses a name that is taken", async () => {
  expect((await call("post", "/rooms", { name: " Küche " }).expect(201)).body).toEqual({
    id: "kueche",
    name: "Küche",
    private: false,
  });
  expect((await call("post", "/rooms", { name: "Bad", private: true }, "designer").expect(201)).body).toMatchObject({
    id: "bad",
    private: true,
  });
  expect(codeOf(await call("post", "/rooms", { name: "KÜCHE" }).expect(409))).toBe("NAME_TAKEN");
  expect(codeOf(await call("post", "/rooms", { name: "Elsewhere", id: "bad" }).expect(409))).toBe("ID_TAKEN");
  expect(codeOf(await call("post", "/rooms", { name: "Line\nbreak" }).expect(400))).toBe("REQUEST_INVALID");
  // Other letters, the same id: a number is put behind it.
  expect((await call("post", "/rooms", { name: "Kueche" }).expect(201)).body).toMatchObject({ id: "kueche-2" });
  await call("delete", "/rooms/kueche-2").expect(204);
  await eventually(() => expect(onBus.at(-1)?.rooms.map(({ id }) => id)).toEqual(["kueche", "bad"]));
});

it("changes a room only for whoever saw it as it is", async () => {
  const seen = await call("get", "/rooms/bad").expect(200);
  const patch = (body: object, etag: string | undefined) =>
    call("patch", "/rooms/bad", body).set("if-match", etag ?? "");
  const changed = await patch({ name: "Badezimmer" }, seen.headers["etag"]).expect(200);
  expect(changed.body).toEqual({ id: "bad", name: "Badezimmer", private: true });
  expect(codeOf(await patch({ name: "Bad" }, seen.headers["etag"]).expect(412))).toBe("PRECONDITION_FAILED");
  await patch({ name: "Bad" }, changed.headers["etag"]).expect(200);
  expect(codeOf(await call("patch", "/rooms/cellar", { name: "x" }).expect(404))).toBe("ROOM_UNKNOWN");
});

it("puts followers into rooms, also before they come, and takes them out with the room", async () => {
  const put = (id: string, body: object) => call("put", `/places/follower/${id}`, body, "designer");
  expect((await put("cv-1", { room: "kueche", name: "Auge" }).expect(200)).body).toEqual({
    kind: "follower",
    id: "cv-1",
    room: "kueche",
    name: "Auge",
  });
  await put("cv-2", { room: "kueche" }).expect(200);
  expect((await put("cv-1", { name: null }).expect(200)).body).toEqual({
    kind: "follower",
    id: "cv-1",
    room: "kueche",
  });
  expect(codeOf(await put("cv-3", { room: "nowhere" }).expect(404))).toBe("ROOM_UNKNOWN");
  expect(codeOf(await put("CV_3", { room: "kueche" }).expect(400))).toBe("REQUEST_INVALID");
  await put("cv-2", { name: "Ohr" }).expect(200);
  await call("delete", "/rooms/kueche").expect(204);
  // What it is called stays; a place that says nothing any more is none.
  expect((await call("get", "/registry")).body).toMatchObject({ places: [{ id: "cv-2", name: "Ohr" }] });
});

it("notes who changed which room and place", async () => {
  const noted = async (query: string) =>
    ((await call("get", `/events?audit=true&${query}`).expect(200)).body as EventsPage).events.map(
      ({ type, text, actor }) => `${type} by ${actor}: ${text}`,
    );
  await eventually(async () =>
    expect(await noted("subject=room:kueche-2")).toEqual([
      'room-removed by owner: The room "Kueche" was removed.',
      'room-added by owner: The room "Kueche" was added.',
    ]),
  );
  expect(await noted("subject=room:bad")).toEqual([
    'room-changed by owner: The room "Badezimmer" is called "Bad" now.',
    'room-changed by owner: The room "Bad" is called "Badezimmer" now.',
    'room-added by designer: The room "Bad" was added.',
  ]);
  expect(await noted("subject=follower:cv-1")).toEqual([
    "place-changed by designer: cv-1 has no other name any more.",
    'place-changed by designer: cv-1 is called "Auge" now.',
    'place-changed by designer: cv-1 stands in "Küche" now.',
  ]);
  // Told so that a page can say it in another language.
  const { events } = (await call("get", "/events?audit=true&subject=follower:cv-1").expect(200)).body as EventsPage;
  expect(events.map(({ data }) => data)).toEqual([{ called: null }, { called: "Auge" }, { stands: "Küche" }]);
});

it("lets a forgotten follower stand nowhere", async () => {
  const shed = await house.follower("shed");
  await call("put", "/places/follower/shed", { room: "bad" }).expect(200);
  await eventually(() => call("get", "/followers/shed").expect(200));
  await shed.close();
  await eventually(() => call("delete", "/followers/shed").expect(204));
  await eventually(async () =>
    expect((await call("get", "/places/follower/shed")).body).toEqual({ kind: "follower", id: "shed" }),
  );
});

it("shows what is kept of a resident to them and to admins, and to nobody else", async () => {
  await call("post", "/residents", { name: "Änne" }).expect(201);
  await call("post", "/residents", { name: "Bo" }).expect(201);
  await call("patch", "/accounts/viewer", { resident: "aenne" }).expect(200);
  const data = (id: string, as: Role) => call("get", `/residents/${id}/data`, undefined, as);
  // The bus has told the house of her, and the audit log who did: that is kept, too.
  await eventually(async () => {
    const { body } = await data("aenne", "viewer").expect(200);
    const { items, ...about } = body as { items: { where: string }[] };
    expect(about).toMatchObject({
      resident: { id: "aenne", name: "Änne" },
      kept: { account: 1, journal: 2, events: 2 },
    });
    expect(items.map(({ where }) => where).toSorted()).toEqual(["account", "events", "events", "journal", "journal"]);
  });
  await data("aenne", "admin").expect(200);
  // An admin's token that only reads is no admin, here as anywhere.
  const made = await call("post", "/tokens", { name: "reads", scopes: ["read"] }).expect(201);
  const reading = (path: string) =>
    request(house.url)
      .get(`/api/v1${path}`)
      .set(bearer(made.body as { token: string }));
  expect(codeOf(await reading("/residents/aenne/data").expect(403))).toBe("ACCESS_DENIED");
  expect(codeOf(await reading("/accounts/viewer").expect(403))).toBe("ACCESS_DENIED");
  expect(codeOf(await data("bo", "viewer").expect(403))).toBe("ACCESS_DENIED");
  expect(codeOf(await data("aenne", "designer").expect(403))).toBe("ACCESS_DENIED");
  expect(codeOf(await data("nobody", "admin").expect(404))).toBe("RESIDENT_UNKNOWN");
  await call("delete", "/residents/aenne/data", undefined, "viewer").expect(204);
  await call("delete", "/residents/bo/data", undefined, "viewer").expect(403);
});

it("leaves a removed resident's account to nobody, over a restart too", async () => {
  await call("delete", "/residents/aenne").expect(204);
  await house.restart();
  const { accounts } = (await call("get", "/accounts")).body as { accounts: { id: string; resident?: string }[] };
  expect(accounts.find(({ id }) => id === "viewer")).not.toHaveProperty("resident");
  expect((await call("get", "/registry")).body).toMatchObject({ residents: [{ id: "bo" }], rooms: [{ id: "bad" }] });
});

it("forgets whose account it was that did something, also when the account went before its resident", async () => {
  // What needs a flow host to come about, as it lies in core's folder.
  const core = join(house.dir, "core");
  const by = "cleos-own";
  // As her account, made below, will have done it.
  const later = Date.now() + 60_000;
  writeFileSync(
    join(core, "hooks.json"),
    JSON.stringify({ version: 1, open: [{ method: "get", path: "/tea", since: later, by }] }),
  );
  const taken = { id: "s", at: later, rev: "r", by, tabs: 1, nodes: 1, bytes: 1, hash: "0".repeat(64) };
  mkdirSync(join(core, "snapshots"));
  const editor = join(house.dir, "flows", ".config.users.json");
  mkdirSync(dirname(editor));
  writeFileSync(editor, JSON.stringify({ "Cleo's": {} }));
  writeFileSync(join(core, "snapshots", "index.json"), JSON.stringify({ version: 1, snapshots: [taken] }));
  await house.restart();
  await call("post", "/residents", { id: "cleo", name: "Cleo" }).expect(201);
  const account = {
    id: "cleos-own",
    name: "Cleo's",
    role: "designer",
    password: "three random words",
    resident: "cleo",
  };
  await call("post", "/accounts", account).expect(201);
  const { headers } = await request(house.url)
    .post("/api/v1/login")
    .send({ account: "cleos-own", password: account.password })
    .expect(200);
  const own = request.agent(house.url).set({ cookie: headers["set-cookie"]?.[0] ?? "", origin: house.url });
  const flows = house.bus("flow-host");
  await flows.serve(noticeAnswerCommand, {}, () => {});
  await flows.serve(routineCommand, {}, () => {});
  await flows.publish(routine, { host: "flow-host", id: "tea" }, { name: "Tea" });
  house.core.setParts({ type: "parts", broker: "up", core: "up", flowHost: "up", safeMode: false });
  const actions = [{ id: "yes", label: "Yes" }];
  await eventually(async () =>
    expect(await flows.request(noticeCommand, {}, { text: "Tea?", actions, node: "n" })).toMatchObject({ ok: true }),
  );
  const { notices } = noticesView.parse((await call("get", "/notices")).body);
  await own.put("/api/v1/privacy").send({ on: true }).expect(200);
  await own.post(`/api/v1/notices/${notices[0]?.id}/answer`).send({ action: "yes" }).expect(200);
  await eventually(() => own.post("/api/v1/routines/tea").set("idempotency-key", "k").send({}).expect(202));
  await flows.publish(
    flowDeployed,
    { host: "flow-host" },
    { rev: "r", cause: "deploy", by: { id: "cleos-own", name: "Cleo's" }, address: "10.0.0.9" },
  );
  await eventually(async () =>
    expect((await call("get", "/residents/cleo/data")).body).toMatchObject({
      kept: { privacy: 1, notices: 1, hooks: 1, snapshots: 1, answers: 1 },
    }),
  );
  await call("delete", "/accounts/cleos-own").expect(204);
  await call("delete", "/residents/cleo").expect(204);

  await house.core.stop();
  const history = await openHistory({
    file: join(house.dir, "history", "history.db"),
    clock: systemClock,
    logger: silentLogger,
  });
  const texts: string[] = [];
  for await (const { topic, payload } of history.journal.read())
    texts.push(`${topic} ${Buffer.from(payload).toString()}`);
  for (const event of (await history.events.list({ limit: 500 }, { mayAudit: true })).events)
    texts.push(JSON.stringify(event));
  await history.close();
  for (const name of readdirSync(core, { recursive: true, encoding: "utf8" }).filter((each) => each.endsWith(".json")))
    texts.push(`${name} ${readFileSync(join(core, name), "utf8")}`);
  expect(texts.filter((text) => /cleo/i.test(text))).toEqual([]);
  // No flow host is there that could be asked to forget her.
  expect(existsSync(editor)).toBe(false);
  await house.restart();
  expect((await call("get", "/privacy")).body).toMatchObject({ on: true });
  expect(noticesView.parse((await call("get", "/notices")).body).notices[0]).toMatchObject({
    answered: { action: "yes", by: "nobody" },
  });
});

it("takes so many rooms and no more", async () => {
  const { rooms } = (await call("get", "/registry")).body as RegistryView;
  for (let n = rooms.length; n < REGISTRY_LIMITS.rooms; n++)
    await call("post", "/rooms", { name: `Room ${n}` }).expect(201);
  expect(codeOf(await call("post", "/rooms", { name: "One more" }).expect(409))).toBe("REGISTRY_FULL");
});

it("keeps a resident whose data could not all be deleted, until it can", async () => {
  const removed: string[] = [];
  const journal = { fails: true };
  const keepers: ResidentKeeper[] = [
    {
      kept: () =>
        Promise.resolve({ kept: { journal: 2, events: 1 }, items: [{ at: 1, where: "journal", what: "old" }] }),
      forget: () => (journal.fails ? Promise.reject(new Error("the disk is full")) : Promise.resolve()),
    },
    {
      kept: () => Promise.resolve({ kept: { events: 2 }, items: [{ at: 2, where: "events", what: "new" }] }),
      forget: () => Promise.resolve(),
      removed: (id) => Promise.resolve(removed.push(`account of ${id}`)),
    },
  ];
  const registry = {
    resident: (id: string) => ({ id, name: "Bo" }),
    removeResident: (id: string) => Promise.resolve(void removed.push(id)),
  };
  const residents = createResidents(registry, keepers);
  await expect(residents.remove("bo")).rejects.toThrow("the disk is full");
  expect(removed).toEqual([]);
  expect(await residents.data("bo", { mayAudit: true })).toMatchObject({
    kept: { journal: 2, events: 3 },
    items: [{ at: 2 }, { at: 1 }],
  });
  journal.fails = false;
  await residents.remove("bo");
  expect(removed).toEqual(["account of bo", "bo"]);
});
