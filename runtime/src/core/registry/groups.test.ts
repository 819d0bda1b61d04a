/** Groups of devices in the registry of a real core on a memory bus, over real HTTP. */
import { houseState, REGISTRY_LIMITS, type EventsPage, type RegistryView, type Role } from "@skein/contracts";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { createFakeKasa, type FakeKasa } from "../devices/testing/fake-kasa";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";
import * as changes from "./changes";

let house: CoreOnMemory;
let onBus: RegistryView | undefined;
beforeAll(async () => {
  let kasa = undefined as FakeKasa | undefined;
  house = await coreOnMemory({
    accounts: ["admin", "designer", "operator"],
    createKasa: (options) => (kasa = createFakeKasa(options)),
  });
  for (const id of ["kasa-1", "kasa-2"]) {
    kasa?.appear(id);
    await call("post", "/devices", { id }).expect(201);
  }
  await house.bus("tool").subscribe(houseState, {}, ({ data }) => void (onBus = data));
});
afterAll(() => house?.stop());

const call = (method: "get" | "post" | "patch" | "delete", path: string, body?: object, as: Role = "designer") => {
  const asked = request(house.url)[method](`/api/v1${path}`).set(bearer(house.logins[as]));
  return body ? asked.send(body) : asked;
};
const codeOf = ({ status, body }: request.Response) => [status, (body as { code?: string }).code];

it("are made of the house's devices, each once, and told to the bus", async () => {
  const wish = { name: "Abendlicht", devices: ["kasa-1", "kasa-2", "kasa-1"] };
  const group = { id: "abendlicht", name: "Abendlicht", devices: ["kasa-1", "kasa-2"] };
  expect((await call("post", "/groups", wish).expect(201)).body).toEqual(group);
  await eventually(() => expect(onBus?.groups).toEqual([group]));
  expect((await call("get", "/groups").expect(200)).body).toEqual({ groups: [group] });
  expect(codeOf(await call("post", "/groups", { name: "ABENDLICHT" }))).toEqual([409, "NAME_TAKEN"]);
  const ghosts = { name: "Ghosts", devices: ["kasa-1", "nope"] };
  expect(codeOf(await call("post", "/groups", ghosts))).toEqual([404, "DEVICE_UNKNOWN"]);
  expect(codeOf(await call("patch", "/groups/abendlicht", ghosts))).toEqual([404, "DEVICE_UNKNOWN"]);
  expect(codeOf(await call("post", "/groups", { name: "Other" }, "operator"))).toEqual([403, "ACCESS_DENIED"]);
});

it("are changed only by whoever saw them as they are, and each change is told with who made it", async () => {
  const seen = await call("get", "/groups/abendlicht").expect(200);
  const ifMatch = { "if-match": seen.headers["etag"] as string };
  await call("patch", "/groups/abendlicht", { name: "Evening", devices: ["kasa-2"] })
    .set(ifMatch)
    .expect(200);
  const late = await call("patch", "/groups/abendlicht", { devices: [] }).set(ifMatch);
  expect(codeOf(late)).toEqual([412, "PRECONDITION_FAILED"]);
  expect((await call("get", "/groups/abendlicht")).body).toMatchObject({ name: "Evening", devices: ["kasa-2"] });
  await call("delete", "/groups/abendlicht").expect(204);
  expect(codeOf(await call("get", "/groups/abendlicht"))).toEqual([404, "GROUP_UNKNOWN"]);
  await eventually(async () => {
    const { events } = (await call("get", "/events?subject=group:abendlicht", undefined, "admin")).body as EventsPage;
    expect(events[1]?.text).toBe('The group "Evening" has 1 device now.');
    expect(events.map(({ type, data, actor }) => ({ type, data, actor }))).toEqual([
      { type: "group-removed", data: { name: "Evening" }, actor: "designer" },
      { type: "group-changed", data: { name: "Evening", count: 1 }, actor: "designer" },
      { type: "group-changed", data: { name: "Evening", before: "Abendlicht" }, actor: "designer" },
      { type: "group-added", data: { name: "Abendlicht" }, actor: "designer" },
    ]);
  });
});

describe("the registry's changes", () => {
  const group = (id: string, devices: string[]) => ({ id, name: id, devices });
  const registry: RegistryView = {
    rooms: [{ id: "hall", name: "Hall", private: false }],
    residents: [],
    places: [{ kind: "follower", id: "lamp", room: "hall" }],
    groups: [group("all", ["desk", "lamp"]), group("few", ["desk"])],
  };

  it("let a device in by room, name and groups at once, or not at all", () => {
    const wish = { room: "hall", name: "Lamp", groups: ["few", "all"] };
    const after = changes.settleDevice(registry, "lamp", wish);
    expect(after.groups).toEqual([group("all", ["desk", "lamp"]), group("few", ["desk", "lamp"])]);
    expect(changes.placeOf(after, "device", "lamp")).toEqual({
      kind: "device",
      id: "lamp",
      room: "hall",
      name: "Lamp",
    });
    const nowhere = () => changes.settleDevice(registry, "lamp", { groups: ["few"], room: "nowhere" });
    expect(nowhere).toThrow(expect.objectContaining({ code: "ROOM_UNKNOWN" }));
  });

  it("take a device out of everything, and not the follower of its id", () => {
    const settled = changes.settleDevice(registry, "desk", { room: "hall" });
    const after = changes.forgetDevice(settled, "desk");
    expect(after.groups).toEqual([group("all", ["lamp"]), group("few", [])]);
    expect(after.places).toEqual(registry.places);
    expect(changes.forgetDevice(after, "desk")).toBe(after);
    expect(changes.forgetDevice(after, "lamp").places).toEqual(registry.places);
  });

  it("keep all groups together within what one message of the bus holds", () => {
    const many = (from: number) => Array.from({ length: 200 }, (_, n) => `device-${from + n}`);
    const full = [0, 200, 400, 600, 800].map((from) => group(`g${from}`, many(from)));
    expect(full.flatMap(({ devices }) => devices)).toHaveLength(REGISTRY_LIMITS.members);
    const add = () => changes.add({ ...registry, groups: full }, "groups", group("more", ["one"]));
    expect(add).toThrow(expect.objectContaining({ code: "REGISTRY_FULL" }));
  });
});
