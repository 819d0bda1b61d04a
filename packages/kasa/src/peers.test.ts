/** Against programs that know nothing of ours: what both of our sides had wrong alike would show here. */
import { createServer } from "node:net";
import { loginDeviceByIp } from "tp-link-tapo-connect";
import { Client, type Bulb, type Plug } from "tplink-smarthome-api";
import { Device as SimulatedDevice } from "tplink-smarthome-simulator";
import { eventually } from "../../../test/support/eventually";
import { idOfMac, macOf } from "./device-id";
import { createLan, freshHost, OWNER, type Lan } from "./testing/lan";

describe("tplink-smarthome-api drives our emulator", () => {
  let lan: Lan;
  const peer = new Client({ defaultSendOptions: { timeout: 5000 } });
  beforeEach(() => {
    lan = createLan();
  });
  afterEach(async () => {
    peer.stopDiscovery();
    await lan.close();
  });
  const meet = async (host: string): Promise<unknown> => peer.getDevice({ host, port: 9999 });

  it("a bulb: power, brightness, colour and white", async () => {
    const lamp = await lan.device();
    const bulb = (await meet(lamp.device.host)) as Bulb;
    expect([bulb.alias, bulb.supportsColor, bulb.supportsBrightness, bulb.mac]).toEqual([
      "Lamp",
      true,
      true,
      "50C7BF000001",
    ]);
    await bulb.setPowerState(true);
    expect(await bulb.getPowerState()).toBe(true);
    await bulb.lighting.setLightState({ on_off: 1, hue: 240, saturation: 60, brightness: 33, color_temp: 0 });
    expect(lamp.look()[0]?.state).toEqual({ on: true, hue: 240, saturation: 60, brightness: 33 });
    await bulb.lighting.setLightState({ on_off: 1, color_temp: 3000 });
    expect(lamp.look()[0]?.state).toEqual({ on: true, kelvin: 3000, brightness: 33 });
    await expect(bulb.lighting.setLightState({ on_off: 1, brightness: 400 })).rejects.toThrow("-10000");
  });

  it("a plug with its meter, a dimmer, and the outlets of a power strip", async () => {
    const fridge = await lan.device({ kind: "plug", energy: true, alias: "Fridge" });
    const plug = (await meet(fridge.device.host)) as Plug;
    fridge.setEnergy({ powerW: 61 });
    await plug.setPowerState(true);
    expect(fridge.look()[0]?.state.on).toBe(true);
    expect(await plug.emeter.getRealtime()).toMatchObject({ power: 61, voltage: 230 });
    const stairs = await lan.device({ kind: "dimmer" });
    const dimmer = (await meet(stairs.device.host)) as Plug;
    await dimmer.dimmer.setBrightness(25);
    expect(stairs.look()[0]?.state).toEqual({ on: false, brightness: 25 });
    const desk = await lan.device({ kind: "power-strip", outlets: 3 });
    const strip = (await meet(desk.device.host)) as Plug;
    const child = [...strip.children.keys()][2] ?? "";
    const third = (await peer.getDevice({ host: desk.device.host, port: 9999, childId: child })) as Plug;
    await third.setPowerState(true);
    expect(desk.look().map(({ state }) => state.on)).toEqual([false, false, true]);
  });

  it("its discovery finds it", async () => {
    const lamp = await lan.device();
    const found: string[] = [];
    peer.on("device-new", (device: { alias: string }) => found.push(device.alias));
    peer.startDiscovery({ broadcast: lamp.device.host, port: 0, discoveryInterval: 200, deviceTypes: ["bulb"] });
    await eventually(() => expect(found).toEqual(["Lamp"]));
  });
});

describe("tp-link-tapo-connect drives our emulator over KLAP v2", () => {
  let lan: Lan;
  beforeEach(() => {
    lan = createLan();
  });
  afterEach(() => lan.close());

  it("a newer bulb, and is refused with a wrong password", async () => {
    const lamp = await lan.device({ protocol: "klap-v2" });
    const address = `${lamp.device.host}:${lamp.ports.http}`;
    const device = await loginDeviceByIp(OWNER.username, OWNER.password, address);
    await device.turnOn();
    await device.setBrightness(42);
    await device.setColour("#00ff00");
    expect(lamp.look()[0]?.state).toMatchObject({ on: true, hue: 120 });
    expect(await device.getDeviceInfo()).toMatchObject({ device_on: true, nickname: "Lamp" });
    const said = jest.spyOn(console, "warn").mockImplementation(() => {});
    await expect(loginDeviceByIp(OWNER.username, "wrong", address)).rejects.toBeDefined();
    said.mockRestore();
  });

  it("the outlets of a newer power strip", async () => {
    const desk = await lan.device({ kind: "power-strip", protocol: "klap-v2", outlets: 3, alias: "Desk" });
    const strip = await loginDeviceByIp(OWNER.username, OWNER.password, `${desk.device.host}:${desk.ports.http}`);
    const outlets = await strip.getChildDevicesInfo();
    expect(outlets.map(({ nickname }) => nickname)).toEqual(["Desk 1", "Desk 2", "Desk 3"]);
    await strip.turnOn(outlets[2]?.device_id);
    expect(desk.look().map(({ state }) => state.on)).toEqual([false, false, true]);
    await strip.turnOff(outlets[2]?.device_id);
    expect((await strip.getChildDevicesInfo()).map(({ device_on }) => device_on)).toEqual([false, false, false]);
  });
});

describe("Our client drives tplink-smarthome-simulator", () => {
  const devices: SimulatedDevice[] = [];
  let lan: Lan;
  beforeEach(() => {
    lan = createLan();
  });
  afterEach(async () => {
    await lan.close();
    await Promise.all(devices.splice(0).map((device) => device.stop()));
  });

  const simulate = async (model: string) => {
    const endpoint = { host: freshHost(), port: await freePort() };
    const device = new SimulatedDevice({ model, alias: model, address: endpoint.host, port: endpoint.port });
    await device.start();
    devices.push(device);
    return { endpoint, id: idOfMac(macOf(device.mac) ?? "") };
  };

  it.each([
    ["lb130", { hue: 30, saturation: 40, brightness: 50 }, { on: true, hue: 30, saturation: 40, brightness: 50 }],
    ["lb120", { kelvin: 3100 }, { on: true, kelvin: 3100 }],
    ["lb100", { brightness: 12 }, { on: true, brightness: 12 }],
    ["hs100", { on: true }, { on: true }],
    ["hs220", { brightness: 70 }, { on: true, brightness: 70 }],
  ])("a simulated %s", async (model, change, state) => {
    const { endpoint, id } = await simulate(model);
    const client = lan.client({ askAt: [] });
    client.hold({ id, endpoint, protocol: "xor" });
    await client.set(id, change);
    await client.refresh(id);
    expect(client.get(id)).toMatchObject({ state, diagnosis: { condition: "ok" } });
  });

  it("the outlets of a simulated hs300", async () => {
    const { endpoint, id } = await simulate("hs300");
    const client = lan.client({ askAt: [] });
    client.hold({ id, endpoint, protocol: "xor" });
    await eventually(() => expect(client.held().length).toBeGreaterThan(1));
    const [first, second] = client.held();
    await client.set(second?.id ?? "", { on: false });
    await client.set(first?.id ?? "", { on: true });
    await client.refresh(first?.id ?? "");
    expect([client.get(first?.id ?? "")?.state?.on, client.get(second?.id ?? "")?.state?.on]).toEqual([true, false]);
  });
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
