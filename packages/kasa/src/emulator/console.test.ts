import { createLan, freshHost, type Lan } from "../testing/lan";
import { act } from "./console";
import type { DeviceEmulator } from "./emulator";

describe("What is typed at the emulator", () => {
  let lan: Lan;
  let devices: DeviceEmulator[];
  beforeEach(async () => {
    lan = createLan();
    devices = [
      await lan.device({ alias: "Lamp" }),
      await lan.device({ alias: "Lamp by the door" }),
      await lan.device({ alias: "Desk", kind: "power-strip", outlets: 2 }),
    ];
  });
  afterEach(() => lan.close());

  const type = (line: string) => act(devices, line);
  const lit = () => devices.map((device) => device.look().map(({ state }) => state.on));

  it("means the longest name that fits, and an outlet by its own", async () => {
    await type("switch lamp BY the door");
    expect(lit()).toEqual([[false], [true], [false, false]]);
    await type("switch Lamp");
    await type("switch Desk 2");
    expect(lit()).toEqual([[true], [true], [false, true]]);
  });

  it("takes what a word wants after the name", async () => {
    const host = freshHost();
    await type(`move Lamp ${host}`);
    await type("update Lamp by the door klap-v1");
    expect([devices[0]?.host, devices[1]?.protocol]).toEqual([host, "klap-v1"]);
    await type("cut Lamp");
    expect(devices[0]?.look()[0]?.powered).toBe(false);
    await type("power Lamp");
    expect(devices[0]?.look()[0]?.powered).toBe(true);
  });

  it("lets a newer device speak what newer ones do", async () => {
    devices.push(await lan.device({ alias: "Bed", protocol: "klap-v2" }));
    await expect(type("update Bed xor")).rejects.toThrow(/There are klap-v2, aes, tpap/);
  });

  it("plays faults, and ends them", async () => {
    expect(await type("fault Lamp delayMs 3000 garbage")).toBe('Lamp has {"delayMs":3000,"garbage":true}.');
    expect(await type("fault Lamp")).toBe("Lamp is well.");
  });

  const words = /switch DEVICE, cut DEVICE, power DEVICE, update DEVICE PROTOCOL, move DEVICE ADDRESS, fault DEVICE/;
  const names = /The devices: Lamp, Lamp by the door, Desk, Desk 1, Desk 2\./;
  it.each<[string, RegExp]>([
    ["dance", words],
    ["constructor Lamp", words],
    ["switch", /"switch" wants a device: switch DEVICE/],
    ["cut", names],
    ["switch Sun", names],
    ["switch Lampe", /there is no device "Lampe"/],
    ["update Lamp", /xor, klap-v1/],
    ["update Lamp klap-v3", /"klap-v3" is no protocol of this device/],
    ["move Lamp", /move DEVICE ADDRESS/],
    ["move Lamp 203.0.113.9", /cannot move to 203.0.113.9: that is no address of this machine\. Give it a free one/],
    ["move Lamp nowhere.invalid", /no address of this machine/],
    ["fault Lamp rain", /"rain" is no fault.*delayMs/],
    ["fault Lamp loss 2", /loss wants a number.*From 0 to 1/],
    ["fault Lamp delayMs", /delayMs wants a number/],
  ])("answers %s with what there is", async (line, answer) => {
    await expect(type(line)).rejects.toMatchObject({
      code: "OPTION_INVALID",
      message: expect.stringMatching(answer) as string,
    });
  });

  it("says that somebody stands where a device is to move to, and leaves it where it is", async () => {
    const [lamp, other] = devices as [DeviceEmulator, DeviceEmulator];
    await expect(type(`move Lamp ${other.host}`)).rejects.toThrow(/somebody stands there already/);
    expect([lamp.host, lamp.look()[0]?.powered]).toEqual([lamp.device.host, true]);
  });

  it("answers help with the words and the devices, and an empty line with nothing", async () => {
    expect(await type("help")).toMatch(words);
    expect(await type("help")).toMatch(names);
    expect(await type("  ")).toBeUndefined();
  });
});
