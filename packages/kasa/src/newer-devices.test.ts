/** Newer power strips and light strips, from the client to the emulated device's own sockets over KLAP v2. */
import { eventually } from "../../../test/support/eventually";
import { createLan, type Lan } from "./testing/lan";

describe("The client with", () => {
  let lan: Lan;
  beforeEach(() => {
    lan = createLan();
  });
  afterEach(() => lan.close());

  it("a newer power strip: each outlet is a device of its own, set by one request and looked at with the others", async () => {
    const desk = await lan.device({
      kind: "power-strip",
      protocol: "klap-v2",
      outlets: 3,
      alias: "Desk",
      energy: true,
    });
    const client = lan.client();
    client.hold({ id: desk.id });
    await eventually(() => expect(client.held()).toHaveLength(3));
    expect(client.held().map(({ id, info }) => [id, info?.kind, info?.alias, info?.parent])).toEqual([
      [`${desk.id}-00`, "outlet", "Desk 1", desk.id],
      [`${desk.id}-01`, "outlet", "Desk 2", desk.id],
      [`${desk.id}-02`, "outlet", "Desk 3", desk.id],
    ]);
    const [, second = ""] = client.held().map(({ id }) => id);
    expect((await client.set(second, { on: true }, "me")).state).toEqual({ on: true });
    const setters = desk.requests.filter(({ request }) => JSON.stringify(request).includes("set_device_info"));
    expect(setters).toHaveLength(1);
    expect(desk.look().map(({ state }) => state.on)).toEqual([false, true, false]);
    expect(await client.energy(second)).toEqual({ powerW: 40 });
    desk.wallSwitch(2);
    await eventually(() => expect(client.get(`${desk.id}-02`)?.state).toEqual({ on: true }));
    await expect(client.set(second, { brightness: 5 })).rejects.toMatchObject({ code: "DEVICE_CANNOT" });
    await desk.powerCut(0);
    await eventually(() => expect(client.get(second)?.diagnosis.condition).toBe("ok"));
    expect((await client.set(second, { on: false })).state).toEqual({ on: false });
  });

  it("a newer light strip: an effect by name, dimmed as one, ended by a colour", async () => {
    const shelf = await lan.device({ kind: "strip", protocol: "klap-v2" });
    const client = lan.client();
    client.hold({ id: shelf.id });
    const set = async (change: Parameters<typeof client.set>[1]) => (await client.set(shelf.id, change)).state;
    expect(await set({ effect: "ocean" })).toEqual({ on: true, brightness: 100, effect: "Ocean" });
    expect(client.get(shelf.id)?.info).toMatchObject({ kind: "strip", model: "L930" });
    expect(await set({ brightness: 20 })).toEqual({ on: true, brightness: 20, effect: "Ocean" });
    await client.refresh(shelf.id);
    expect(client.get(shelf.id)?.state).toEqual({ on: true, brightness: 20, effect: "Ocean" });
    expect(await set({ hue: 30, saturation: 50 })).toEqual({ on: true, brightness: 20, hue: 30, saturation: 50 });
    await set({ effect: "Aurora" });
    expect(await set({ effect: null, kelvin: 3000 })).toEqual({ on: true, brightness: 20, kelvin: 3000 });
    expect(shelf.look()[0]?.state).toEqual({ on: true, brightness: 20, kelvin: 3000 });
  });
});
