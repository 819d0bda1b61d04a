/** Core with the real Kasa client against emulated devices on real sockets: from the first look to a firmware update. */
import {
  devicesCommand,
  deviceState,
  type DeviceStateData,
  type DevicesView,
  type DeviceView,
  type EventsPage,
} from "@skein/contracts";
import { createKasaClient } from "@skein/kasa";
import { startDeviceEmulator, type DeviceEmulator, type EmulatedDevice } from "@skein/kasa/emulator";
import { systemClock, systemRandom } from "@skein/kit";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";

const OWNER = { username: "ann@example.org", password: "Passw0rd!" };
/** Nobody else's: test files run side by side, in processes of their own. */
const hostOf = (n: number) => `127.${200 + (process.pid % 50)}.${Math.floor(process.pid / 50) % 250}.${n}`;

let bulb: DeviceEmulator;
let newer: DeviceEmulator;
let strip: DeviceEmulator;
let house: CoreOnMemory;
const said = new Map<string, DeviceStateData | null>();

const emulate = (n: number, more: Partial<EmulatedDevice> & Pick<EmulatedDevice, "alias">) =>
  startDeviceEmulator(
    {
      kind: "bulb",
      family: "iot",
      protocol: "xor",
      mac: `50:C7:BF:00:00:0${n}`,
      host: hostOf(n),
      credentials: OWNER,
      // 80 may be taken.
      ports: { http: 0 },
      ...more,
    },
    { clock: systemClock, random: systemRandom },
  );
const call = (method: "get" | "post" | "patch" | "put", path: string, body?: object) => {
  const asked = request(house.url)[method](`/api/v1${path}`).set(bearer(house.owner));
  return body ? asked.send(body) : asked;
};
const view = async () => (await call("get", "/devices").expect(200)).body as DevicesView;
const device = async (id: string) => (await call("get", `/devices/${id}`).expect(200)).body as DeviceView;
const events = async (type: string) =>
  ((await call("get", `/events?type=${type}`).expect(200)).body as EventsPage).events;

beforeAll(async () => {
  bulb = await emulate(1, { alias: "Table" });
  newer = await emulate(2, { alias: "Ceiling", family: "smart", protocol: "klap-v2" });
  strip = await emulate(3, { alias: "Desk", kind: "power-strip", outlets: 2, energy: true });
  house = await coreOnMemory({
    createKasa: createKasaClient,
    settings: {
      devices: {
        kasa: {
          askAt: [1, 2, 3].map((n) => ({ host: hostOf(n) })),
          pollMs: 500,
          energyMs: 1000,
          answerMs: 2000,
          awayMs: 300,
        },
      },
    },
  });
  await house.bus("onlooker").subscribe(deviceState, {}, ({ ids, data }) => void said.set(ids.id, data));
});
afterAll(async () => {
  await house?.stop();
  for (const each of [bulb, newer, strip]) await each?.close();
});

it("finds devices of every protocol, and takes them in", async () => {
  await eventually(async () => expect((await view()).found).toHaveLength(3));
  for (const { id } of [bulb, newer, strip]) await call("post", "/devices", { id }).expect(201);
  await eventually(async () => expect(await device(bulb.id)).toMatchObject({ state: { on: expect.any(Boolean) } }));
  expect(await device(bulb.id)).toMatchObject({
    name: "Table",
    kind: "bulb",
    protocol: "xor",
    diagnosis: { condition: "ok" },
  });
});

it("says which one wants the maker's account, and reaches it as soon as that is entered", async () => {
  await eventually(async () =>
    expect(await device(newer.id)).toMatchObject({ name: "Ceiling", diagnosis: { condition: "credentials" } }),
  );
  expect(said.get(newer.id)).toMatchObject({ condition: "credentials", why: expect.any(String) });
  await call("put", "/devices/credentials", OWNER).expect(204);
  await eventually(async () => expect((await device(newer.id)).diagnosis.condition).toBe("ok"));
});

it("switches lamp and outlet, and tells a hand on the wall switch from an order", async () => {
  const done = await call("patch", `/devices/${bulb.id}`, { hue: 120, saturation: 80, brightness: 40 }).expect(200);
  expect(done.body).toMatchObject({ state: { on: true, hue: 120, saturation: 80, brightness: 40 } });
  expect(bulb.look()).toMatchObject([{ state: { on: true, hue: 120 } }]);
  await eventually(() => expect(said.get(bulb.id)?.cause).toMatchObject({ kind: "command", issuer: "owner" }));
  // The look that follows a command still belongs to it.
  const { confirmedAt = 0 } = await device(bulb.id);
  await eventually(async () => expect((await device(bulb.id)).confirmedAt).toBeGreaterThan(confirmedAt));
  bulb.wallSwitch();
  await eventually(() =>
    expect(said.get(bulb.id)).toMatchObject({ state: { on: false }, cause: { kind: "elsewhere" } }),
  );
  const outlet = `${strip.id}-01`;
  await eventually(async () => expect((await view()).devices.map(({ id }) => id)).toContain(outlet));
  await call("patch", `/devices/${outlet}`, { on: true }).expect(200);
  const refused = await call("patch", `/devices/${strip.id}`, { on: true }).expect(409);
  expect(refused.body).toMatchObject({ code: "DEVICE_CANNOT", detail: expect.stringContaining(outlet) as string });
  expect(strip.look().map(({ state }) => state.on)).toEqual([false, true]);
  const flows = house.bus("flow-host");
  await eventually(() => expect(flows.link.up).toBe(true));
  const changes = [bulb.id, newer.id, outlet].map((id) => ({ device: id, set: { on: false } }));
  expect(await flows.request(devicesCommand, {}, { action: "set", changes })).toMatchObject({
    ok: true,
    result: { devices: changes.map(() => ({ ok: true, state: { on: false } })) },
  });
});

it("draws the power of what has a meter", async () => {
  strip.setEnergy({ powerW: 42 });
  await eventually(async () =>
    expect((await view()).devices.find(({ id }) => id === `${strip.id}-00`)?.powerW).toBe(42),
  );
});

it("follows a firmware update to another protocol, and tells of it", async () => {
  await bulb.updateFirmware("klap-v2");
  await eventually(async () =>
    expect(await events("device-protocol-changed")).toMatchObject([
      { subject: { id: bulb.id }, data: { name: "Table", from: "xor", to: "klap-v2" } },
    ]),
  );
  await call("patch", `/devices/${bulb.id}`, { on: true }).expect(200);
});

it("tells of a lamp without current, and that it is back", async () => {
  await newer.powerCut();
  await eventually(async () =>
    expect(await events("device-unreachable")).toMatchObject([
      { subject: { id: newer.id }, data: { name: "Ceiling", condition: "unreachable" } },
    ]),
  );
  expect((await call("patch", `/devices/${newer.id}`, { on: true }).expect(504)).body).toMatchObject({
    code: "DEVICE_UNREACHABLE",
  });
  await newer.powerUp();
  await eventually(async () => expect(await events("device-back")).toHaveLength(1));
});

it("finds a device of the house where no search comes, when it is asked for there", async () => {
  await bulb.moveTo(hostOf(9));
  await eventually(async () => expect((await device(bulb.id)).diagnosis.condition).not.toBe("ok"));
  const probed = await call("post", "/devices/probe", { host: hostOf(9) }).expect(200);
  expect(probed.body).toMatchObject({
    found: [],
    house: [
      {
        id: bulb.id,
        address: expect.stringContaining(`${hostOf(9)}:`) as string,
        movedFrom: expect.stringContaining(`${hostOf(1)}:`) as string,
      },
    ],
  });
  await eventually(async () =>
    expect(await device(bulb.id)).toMatchObject({
      diagnosis: { condition: "ok" },
      address: expect.stringContaining(`${hostOf(9)}:`) as string,
    }),
  );
});

it("finds them all again after a restart of core", async () => {
  await house.restart();
  await eventually(async () =>
    expect((await view()).devices.map(({ diagnosis }) => diagnosis.condition)).toEqual(["ok", "ok", "ok", "ok"]),
  );
});
