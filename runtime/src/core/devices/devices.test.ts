/** The house's devices in a real core on a memory bus, over real HTTP; the Kasa client is a double. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "@skein/bus";
import {
  devicesCommand,
  devicesReached,
  deviceState,
  scenesState,
  type DeviceStateData,
  type DevicesView,
  type DeviceView,
  type EventsPage,
  type RegistryView,
  type Role,
  type SeriesAnswer,
} from "@skein/contracts";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";
import { createFakeKasa, type FakeKasa } from "./testing/fake-kasa";

const LAMP = "kasa-b0be76000001";
const DESK = "kasa-b0be76000002";
const STRIP = "kasa-b0be76000003";

let house: CoreOnMemory;
let kasa: FakeKasa;
let flows: Bus;
let onBus: Map<string, (DeviceStateData | null | "cleared")[]>;
const start = (demo = false) =>
  coreOnMemory({
    demo,
    accounts: ["admin", "designer", "operator", "viewer"],
    settings: { devices: { kasa: { askAt: [{ host: "192.168.9.9" }], awayMs: 50 } } },
    createKasa: (options) => (kasa = createFakeKasa(options)),
  });
const call = (method: "get" | "post" | "patch" | "put" | "delete", path: string, body?: object, as: Role = "admin") => {
  const asked = request(house.url)[method](`/api/v1${path}`).set(bearer(house.logins[as]));
  return body ? asked.send(body) : asked;
};
const codeOf = ({ status, body }: request.Response) => [status, (body as { code?: string }).code];
const view = async () => (await call("get", "/devices").expect(200)).body as DevicesView;
const events = async (type: string) =>
  ((await call("get", `/events?type=${type}`).expect(200)).body as EventsPage).events;
const said = (id: string) => onBus.get(id) ?? [];
const command = async (data: Parameters<typeof flows.request<typeof devicesCommand>>[2]) =>
  flows.request(devicesCommand, {}, data);

beforeEach(async () => {
  house = await start();
  flows = house.bus("flow-host");
  onBus = new Map();
  const note = (id: string, what: DeviceStateData | null | "cleared") => onBus.set(id, [...said(id), what]);
  await flows.subscribe(deviceState, {}, ({ ids, data }) => void note(ids.id, data), {
    onCleared: ({ id }) => void note(id, "cleared"),
  });
  await eventually(() => expect(flows.link.up).toBe(true));
});
afterEach(() => house?.stop());

it("says of the demo's devices that they are made up", async () => {
  await house.stop();
  house = await start(true);
  await adopt(LAMP);
  expect((await view()).devices).toMatchObject([{ virtual: true }]);
});

const adopt = async (id: string, more: object = {}) => {
  kasa.appear(id);
  await call("post", "/devices", { id, ...more }).expect(201);
  kasa.answer(id, { on: false, brightness: 40 });
};

it("offers what was found, and takes it in with name, room and groups, or not at all", async () => {
  kasa.appear(LAMP, { alias: "TP-LINK_0001" });
  expect(await view()).toMatchObject({ devices: [], found: [{ id: LAMP, address: "192.168.1.20:9999" }] });
  await call("post", "/rooms", { name: "Kitchen" }).expect(201);
  await call("post", "/groups", { name: "Evening" }).expect(201);
  const wish = { id: LAMP, name: "Table lamp", room: "kitchen", groups: ["evening", "nowhere"] };
  expect(codeOf(await call("post", "/devices", wish))).toEqual([404, "GROUP_UNKNOWN"]);
  expect((await view()).devices).toEqual([]);
  expect((await call("get", "/registry")).body).toMatchObject({ places: [], groups: [{ devices: [] }] });

  const made = await call("post", "/devices", { ...wish, groups: ["evening"] }, "designer").expect(201);
  expect(made.body).toMatchObject({ id: LAMP, name: "Table lamp", diagnosis: { condition: "connecting" } });
  expect((await call("get", "/registry")).body).toMatchObject({
    places: [{ kind: "device", id: LAMP, room: "kitchen", name: "Table lamp" }],
    groups: [{ id: "evening", devices: [LAMP] }],
  });
  expect((await view()).found).toEqual([]);
  expect(codeOf(await call("post", "/devices", wish))).toEqual([409, "DEVICE_IN_HOUSE"]);
  expect(codeOf(await call("post", "/devices", { id: DESK }))).toEqual([404, "DEVICE_UNKNOWN"]);
  await eventually(async () =>
    expect(await events("device-adopted")).toMatchObject([
      { actor: "designer", room: "kitchen", subject: { kind: "device", id: LAMP }, data: { name: "Table lamp" } },
    ]),
  );
  await eventually(async () => expect(await events("device-found")).toHaveLength(1));
});

it("switches a device, says how long that took, and tells the bus whose order it was", async () => {
  await adopt(LAMP);
  const done = (await call("patch", `/devices/${LAMP}`, { brightness: 70 }, "operator").expect(200)).body as object;
  expect(done).toMatchObject({ id: LAMP, state: { on: true, brightness: 70 }, ms: expect.any(Number) });
  await eventually(() =>
    expect(said(LAMP).at(-1)).toMatchObject({
      state: { on: true, brightness: 70 },
      cause: { kind: "command", issuer: "operator" },
      condition: "ok",
      virtual: false,
    }),
  );
  kasa.byHand(LAMP, { on: false, brightness: 70 });
  await eventually(() =>
    expect(said(LAMP).at(-1)).toMatchObject({ state: { on: false }, cause: { kind: "elsewhere" } }),
  );
  await eventually(async () =>
    expect(await events("device-switched")).toMatchObject([
      { actor: "operator", text: `"${LAMP}" was set to 70 %.`, data: { brightness: 70 } },
    ]),
  );
  kasa.away(LAMP);
  expect(codeOf(await call("patch", `/devices/${LAMP}`, { on: true }))).toEqual([504, "DEVICE_UNREACHABLE"]);
  expect(codeOf(await call("patch", `/devices/${DESK}`, { on: true }))).toEqual([404, "DEVICE_UNKNOWN"]);
  expect(codeOf(await call("patch", `/devices/${LAMP}`, { on: true }, "viewer"))).toEqual([403, "ACCESS_DENIED"]);
});

it("takes no order that orders nothing, which would switch on, nor one that asks for two looks at once", async () => {
  await adopt(LAMP);
  const twice = [
    { hue: 1, saturation: 90, kelvin: 2700 },
    { kelvin: 2700, effect: "Aurora" },
    { saturation: 0, effect: "Aurora" },
  ];
  for (const body of [{}, { transitionMs: 500 }, ...twice])
    expect(codeOf(await call("patch", `/devices/${LAMP}`, body, "operator"))).toEqual([400, "REQUEST_INVALID"]);
  expect(said(LAMP).at(-1)).toMatchObject({ state: { on: false } });
});

it("takes none for two looks over the bus either, and one that ends an effect for a colour", async () => {
  await adopt(LAMP);
  const set = { hue: 1, saturation: 90, kelvin: 2700 };
  await expect(command({ action: "set", changes: [{ device: LAMP, set }] })).rejects.toThrow("exclude each other");
  await call("patch", `/devices/${LAMP}`, { effect: null, hue: 1 }, "operator").expect(200);
});

it("carries out all changes of one command, and answers with what became of each", async () => {
  await adopt(LAMP);
  await adopt(DESK);
  kasa.away(DESK);
  const set = { on: true, brightness: 20 };
  const outcome = await command({
    action: "set",
    changes: [
      { device: LAMP, set },
      { device: DESK, set },
    ],
  });
  expect(outcome).toMatchObject({ ok: true });
  expect(devicesReached.parse(outcome.ok && outcome.result).devices).toMatchObject([
    { device: LAMP, ok: true, state: { on: true, brightness: 20 } },
    { device: DESK, ok: false, code: "DEVICE_UNREACHABLE" },
  ]);
  await eventually(() =>
    expect(said(LAMP).at(-1)).toMatchObject({
      cause: { kind: "command", issuer: "flow-host", command: expect.any(String) },
    }),
  );
  expect(await command({ action: "set", changes: [{ device: DESK, set }] })).toMatchObject({
    ok: false,
    code: "DEVICE_UNREACHABLE",
  });
  expect(await events("device-switched")).toEqual([]);
});

it("keeps scenes, and applies them from the bus and the page", async () => {
  await adopt(LAMP);
  await adopt(DESK);
  const names: string[][] = [];
  await flows.subscribe(scenesState, {}, ({ data }) => void names.push(data.scenes.map(({ name }) => name)));
  await call("patch", `/devices/${LAMP}`, { brightness: 15 }).expect(200);
  const saved = await call("post", "/scenes", { name: "Movie night", devices: [LAMP, DESK] }).expect(201);
  expect(saved.body).toEqual({
    id: "movie-night",
    name: "Movie night",
    devices: [
      { device: LAMP, set: { on: true, brightness: 15 } },
      { device: DESK, set: { on: false } },
    ],
  });
  await eventually(() => expect(names.at(-1)).toEqual(["Movie night"]));
  kasa.byHand(LAMP, { on: false, brightness: 80 });
  kasa.byHand(DESK, { on: true, brightness: 80 });
  const applied = await call("post", "/scenes/movie-night/apply", {}, "operator").expect(200);
  expect(applied.body).toMatchObject({
    devices: [
      { device: LAMP, ok: true, state: { on: true, brightness: 15 } },
      { device: DESK, ok: true, state: { on: false } },
    ],
  });
  expect(await command({ action: "scene-save", name: "movie NIGHT", devices: [LAMP] })).toMatchObject({
    ok: true,
    result: { id: "movie-night", devices: [{ device: LAMP }] },
  });
  expect(await command({ action: "scene-apply", scene: "Movie Night" })).toMatchObject({ ok: true });
  await call("delete", "/scenes/movie-night").expect(204);
  expect(await command({ action: "scene-apply", scene: "movie-night" })).toMatchObject({ code: "SCENE_UNKNOWN" });
});

it("gives a device up: out of room, groups, scenes and bus", async () => {
  await adopt(LAMP, { name: "Table lamp" });
  await adopt(DESK);
  await call("post", "/scenes", { name: "Both", devices: [LAMP, DESK] }).expect(201);
  await call("post", "/scenes", { name: "One", devices: [LAMP] }).expect(201);
  await call("post", "/groups", { name: "Evening", devices: [LAMP, DESK] }).expect(201);
  await eventually(() => expect(said(LAMP).at(-1)).toMatchObject({ name: "Table lamp", condition: "ok" }));
  await call("delete", `/devices/${LAMP}`, undefined, "designer").expect(204);
  await eventually(() => expect(said(LAMP).slice(-2)).toEqual([null, "cleared"]));
  const registry = (await call("get", "/registry")).body as RegistryView;
  expect(registry).toMatchObject({ places: [], groups: [{ devices: [DESK] }] });
  await eventually(async () =>
    expect((await call("get", "/scenes")).body).toMatchObject({
      scenes: [{ id: "both", devices: [{ device: DESK }] }],
    }),
  );
  expect(await view()).toMatchObject({ devices: [{ id: DESK }], found: [{ id: LAMP }] });
  expect(codeOf(await call("get", `/devices/${LAMP}`))).toEqual([404, "DEVICE_UNKNOWN"]);
});

it("takes away what the broker still keeps of a device that is not in the house", async () => {
  let lamp: Uint8Array | undefined;
  await flows.subscribeRaw(deviceState.topic({ id: LAMP }), ({ payload }) => void (lamp = payload));
  await adopt(LAMP);
  await eventually(() => expect(lamp).toBeDefined());
  // The leader's own words, of an earlier life.
  await flows.publishRaw(deviceState.topic({ id: DESK }), lamp ?? new Uint8Array(), "state");
  await house.restart();
  await eventually(() => expect(said(DESK).at(-1)).toBe("cleared"));
});

it("forgets whose order it was together with the person", async () => {
  await adopt(LAMP);
  await call("post", "/residents", { name: "Cleo" }).expect(201);
  await call("patch", "/accounts/operator", { resident: "cleo" }).expect(200);
  await call("patch", `/devices/${LAMP}`, { on: true }, "operator").expect(200);
  await eventually(() => expect(said(LAMP).at(-1)).toMatchObject({ cause: { issuer: "operator" } }));
  expect((await call("get", "/residents/cleo/data").expect(200)).body).toMatchObject({ kept: { devices: 1 } });
  // No flow host is there that could be asked to forget her as well.
  await call("delete", "/residents/cleo/data");
  await eventually(() => expect((said(LAMP).at(-1) as DeviceStateData).cause).toBeUndefined());
});

it("tells Prometheus how devices are reached", async () => {
  await adopt(LAMP);
  const { text } = await request(house.url).get("/metrics").set(bearer(house.owner)).expect(200);
  expect(text).toContain('skein_devices{condition="ok"} 1');
  expect(text).toContain('skein_devices{condition="unreachable"} 0');
});

it("shows a page what changes, as it changes", async () => {
  await adopt(LAMP);
  const stream = await fetch(`${house.url}/api/v1/live?events=device,changed`, {
    headers: bearer(house.logins.viewer),
  });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const read = async (): Promise<void> => {
    const part = await reader?.read();
    if (!part || part.done) return;
    text += part.value;
    await read();
  };
  const reading = read();
  await eventually(() => expect(text).toContain("retry"));
  kasa.byHand(LAMP, { on: true, brightness: 12 });
  kasa.appear(DESK);
  await eventually(() => expect(text).toMatch(/event: device\ndata: {"id":"kasa-b0be76000001".*"brightness":12/));
  await eventually(() => expect(text).toContain('event: changed\ndata: "devices"'));
  await reader?.cancel();
  await reading;
});

it("shows the outlets of a power strip in its stead, where it was put, and gives them up with it", async () => {
  await call("post", "/rooms", { name: "Kitchen" }).expect(201);
  await call("post", "/groups", { name: "Evening" }).expect(201);
  await adopt(STRIP, { name: "Workbench", room: "kitchen", groups: ["evening"] });
  for (const n of ["00", "01"]) kasa.answer(`${STRIP}-${n}`, { on: true }, { kind: "outlet", parent: STRIP, alias: n });
  const ids = async () => (await view()).devices.map(({ id }) => id);
  await eventually(async () => expect(await ids()).toEqual([`${STRIP}-00`, `${STRIP}-01`]));
  await eventually(() => expect(said(STRIP).slice(-2)).toEqual([null, "cleared"]));
  // An order to the room or the group reaches them, and names nobody who is not there.
  await eventually(async () =>
    expect((await call("get", "/registry")).body).toMatchObject({
      places: [1, 2].map((n) => ({ id: `${STRIP}-0${n - 1}`, room: "kitchen", name: `Workbench ${n}` })),
      groups: [{ devices: [`${STRIP}-00`, `${STRIP}-01`] }],
    }),
  );
  expect(codeOf(await call("delete", `/devices/${STRIP}-00`))).toEqual([409, "DEVICE_IS_OUTLET"]);
  await house.restart();
  expect(await view()).toMatchObject({ devices: [{ name: "Workbench 1", kind: "outlet" }, {}] });
  kasa.away(STRIP);
  await eventually(() => expect(said(`${STRIP}-01`).at(-1)).toMatchObject({ condition: "unreachable" }));
  // The client has not seen the outlets since the start, and knows the strip alone.
  await eventually(async () => {
    const told = (await events("device-unreachable")).map(({ subject }) => subject?.id);
    expect(new Set(told)).toEqual(new Set([`${STRIP}-00`, `${STRIP}-01`]));
  });
  await call("delete", `/devices/${STRIP}`).expect(204);
  expect(await ids()).toEqual([]);

  // As it calls itself, so do its outlets.
  await adopt(STRIP, { name: STRIP, room: "kitchen" });
  kasa.answer(`${STRIP}-00`, { on: true }, { kind: "outlet", parent: STRIP, alias: "Monitor" });
  await eventually(async () => expect((await view()).devices).toMatchObject([{ name: "Monitor" }]));
  await eventually(async () =>
    expect((await call("get", "/registry")).body).toMatchObject({
      places: [{ kind: "device", id: `${STRIP}-00`, room: "kitchen" }],
    }),
  );
});

it("knows its devices after a restart before they answer, and takes their first word for no news", async () => {
  await adopt(LAMP, { name: "Table lamp" });
  kasa.protocol(LAMP, "klap-v2");
  await eventually(async () =>
    expect(await events("device-protocol-changed")).toMatchObject([{ data: { from: "xor", to: "klap-v2" } }]),
  );
  await house.restart();
  const [lamp] = (await view()).devices as [DeviceView];
  expect(lamp).toMatchObject({ name: "Table lamp", kind: "bulb", protocol: "klap-v2" });
  expect([lamp.state, lamp.cause]).toEqual([undefined, undefined]);
  kasa.answer(LAMP, { on: true });
  await eventually(() => expect(said(LAMP).at(-1)).toMatchObject({ state: { on: true }, cause: { kind: "first" } }));
});

it("tells that a device is away only when it stays away, and that it is back", async () => {
  await adopt(LAMP);
  kasa.away(LAMP);
  kasa.back(LAMP);
  kasa.away(LAMP, "busy");
  await eventually(async () =>
    expect(await events("device-unreachable,device-back")).toMatchObject([{ data: { condition: "busy", name: LAMP } }]),
  );
  kasa.back(LAMP);
  await eventually(async () => expect(await events("device-back")).toHaveLength(1));
});

it("draws the power that a device takes", async () => {
  await adopt(LAMP);
  kasa.power(LAMP, 8.5);
  expect((await view()).devices).toMatchObject([{ powerW: 8.5 }]);
  await eventually(async () => {
    const answer = (await call("get", `/devices/${LAMP}/metrics?range=1h&step=60000`).expect(200)).body as SeriesAnswer;
    expect(answer.series).toMatchObject([{ name: "powerW", points: [[expect.any(Number), 8.5, 8.5, 8.5]] }]);
  });
});

it("asks where the settings say, when told to, and one host by name", async () => {
  kasa.appear(LAMP, { endpoint: { host: "10.0.0.7", port: 9999 } });
  await call("post", "/devices/discover", {}, "operator").expect(200);
  expect((await call("post", "/devices/probe", { host: "10.0.0.7" }).expect(200)).body).toMatchObject({
    found: [{ id: LAMP, address: "10.0.0.7:9999" }],
  });
  expect((await call("post", "/devices/probe", { host: "10.0.0.8" }).expect(200)).body).toEqual({
    found: [],
    house: [],
  });
  expect(kasa.asked).toEqual([["192.168.9.9"], ["192.168.9.9"], ["10.0.0.7"], ["10.0.0.8"]]);
  for (const host of ["garbage host", "999.1.1.1", "10.0.0", "http://x/", "10.0.0.7:9999", "-x", " ", "a..b", "a."])
    expect(codeOf(await call("post", "/devices/probe", { host }))).toEqual([400, "REQUEST_INVALID"]);
  for (const host of ["lamp", "lamp_1.fritz.box", " 7-lamp "])
    await call("post", "/devices/probe", { host }).expect(200);
  expect(await command({ action: "discover" })).toMatchObject({ ok: true, result: { found: [{ id: LAMP }] } });
  await call("post", "/devices", { id: LAMP }).expect(201);
  expect((await call("post", "/devices/probe", { host: "10.0.0.7" }).expect(200)).body).toMatchObject({
    found: [],
    house: [{ id: LAMP }],
  });
});

it("recognises its own at an address that it is told of, and says that it moved there", async () => {
  const probe = async (host: string) => (await call("post", "/devices/probe", { host }).expect(200)).body as unknown;
  await adopt(LAMP, { name: "Table lamp" });
  const known = { id: LAMP, name: "Table lamp" };
  expect(await probe("192.168.1.20")).toEqual({ found: [], house: [{ ...known, address: "192.168.1.20:9999" }] });
  kasa.away(LAMP);
  kasa.appear(LAMP, { endpoint: { host: "10.9.0.5", port: 9999 } });
  expect(await probe("10.9.0.5")).toEqual({
    found: [],
    house: [{ ...known, address: "10.9.0.5:9999", movedFrom: "192.168.1.20:9999" }],
  });
  await eventually(async () => expect((await view()).devices).toMatchObject([{ address: "10.9.0.5:9999" }]));
  await house.restart();
  expect((await view()).devices).toMatchObject([{ address: "10.9.0.5:9999" }]);
});

it("keeps the maker's account encrypted, tells nobody what it is, and gives it to the client alone", async () => {
  const pair = { username: "ann@example.org", password: "a very secret one" };
  await call("put", "/devices/credentials", pair).expect(204);
  expect(kasa.credentials).toEqual(pair);
  expect(await view()).toMatchObject({ credentials: true });
  expect(codeOf(await call("put", "/devices/credentials", pair, "designer"))).toEqual([403, "ACCESS_DENIED"]);
  const file = join(house.dir, "core", "kasa-credentials.json");
  expect(readFileSync(file, "utf8")).not.toMatch(/ann|secret/);
  await eventually(async () => expect(await events("device-credentials")).toMatchObject([{ data: { set: true } }]));
  expect(JSON.stringify(await events("device-credentials"))).not.toMatch(/example|secret/);
  await house.restart();
  expect(kasa.credentials).toEqual(pair);
  await call("delete", "/devices/credentials").expect(204);
  expect(kasa.credentials).toBeUndefined();
  expect(await view()).toMatchObject({ credentials: false });
});
