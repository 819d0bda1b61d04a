import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock, systemRandom } from "@skein/kit";
import { always, eventually } from "../../../test/support/eventually";
import type { KasaEvent } from "./client";
import { startDeviceEmulator, type EmulatedDevice } from "./emulator";
import { MOST_FOUND } from "./discovery/discovery";
import { createLan, freshHost, OWNER, type Lan } from "./testing/lan";
import { encrypt } from "./xor/cipher";

const FAMILIES: readonly (readonly [string, Partial<EmulatedDevice>])[] = [
  ["an older bulb over XOR", {}],
  ["an older bulb over KLAP v1", { protocol: "klap-v1" }],
  ["an older bulb over KLAP v2", { protocol: "klap-v2", family: "iot" }],
  ["a newer bulb over KLAP v2", { protocol: "klap-v2", family: "smart" }],
  ["a newer bulb over AES", { protocol: "aes", family: "smart" }],
  ["a light strip over XOR", { kind: "strip" }],
];

const told = (events: readonly KasaEvent[], type: KasaEvent["type"]) => events.filter((event) => event.type === type);

describe("The client", () => {
  let lan: Lan;
  beforeEach(() => {
    lan = createLan();
  });
  afterEach(() => lan.close());

  it.each(FAMILIES)("finds, reads and sets %s", async (_, wish) => {
    const lamp = await lan.device(wish);
    const client = lan.client();
    const [found] = await eventually(async () => {
      const all = await client.discover({ waitMs: 300 });
      expect(all).toHaveLength(1);
      return all;
    });
    expect(found).toMatchObject({ id: lamp.id, mac: lamp.device.mac, protocol: lamp.protocol, alias: "Lamp" });
    client.hold({ id: lamp.id });
    const set = async (change: object) => (await client.set(lamp.id, change)).state;
    expect(await set({ on: true })).toMatchObject({ on: true, brightness: 100 });
    expect(await set({ hue: 120, saturation: 80, brightness: 40 })).toEqual({
      on: true,
      hue: 120,
      saturation: 80,
      brightness: 40,
    });
    expect(lamp.look()[0]?.state).toEqual({ on: true, hue: 120, saturation: 80, brightness: 40 });
    // Clamped to what the model can.
    expect(await set({ kelvin: 12_000 })).toEqual({ on: true, kelvin: 9000, brightness: 40 });
    expect(await set({ brightness: 0 })).toMatchObject({ on: false });
    expect(lamp.look()[0]?.state.on).toBe(false);
    expect(client.get(lamp.id)).toMatchObject({
      protocol: lamp.protocol,
      info: { alias: "Lamp", family: lamp.device.family, abilities: { color: true, kelvin: { min: 2500, max: 9000 } } },
      diagnosis: { condition: "ok" },
    });
  });

  it("knows plugs, dimmers and meters, and each outlet of a power strip as a device of its own", async () => {
    const dimmer = await lan.device({ kind: "dimmer", alias: "Stairs" });
    const plug = await lan.device({ kind: "plug", energy: true, alias: "Fridge" });
    const strip = await lan.device({ kind: "power-strip", outlets: 3, alias: "Desk" });
    const client = lan.client();
    for (const { id } of [dimmer, plug, strip]) client.hold({ id });
    expect((await client.set(dimmer.id, { brightness: 30 })).state).toEqual({ on: true, brightness: 30 });
    expect((await client.set(dimmer.id, { brightness: 60, transitionMs: 30 })).state).toEqual({
      on: true,
      brightness: 60,
    });
    expect((await client.set(plug.id, { on: true })).state).toEqual({ on: true });
    plug.setEnergy({ powerW: 82.5 });
    expect(await client.energy(plug.id)).toMatchObject({ powerW: 82.5, voltageV: 230, totalKwh: 1.25 });
    await client.refresh(strip.id).catch(() => undefined);
    const second = `${strip.id}-01`;
    await client.set(second, { on: true });
    expect(strip.look().map(({ state }) => state.on)).toEqual([false, true, false]);
    expect(client.get(second)?.info).toMatchObject({ kind: "outlet", parent: strip.id, alias: "Desk 2" });
    await expect(client.set(second, { brightness: 10 })).rejects.toMatchObject({ code: "DEVICE_CANNOT" });
    // The strip itself is none, and says what is.
    const message = expect.stringContaining(`${second} ("Desk 2")`) as string;
    for (const [id, code] of [
      [strip.id, "DEVICE_CANNOT"],
      [`${strip.id}-09`, "DEVICE_UNKNOWN"],
    ] as const)
      await expect(client.set(id, { on: true })).rejects.toMatchObject({ code, message });
    await expect(client.set(`${plug.id}-00`, { on: true })).rejects.toMatchObject({
      code: "DEVICE_UNKNOWN",
      message: expect.stringContaining("no power strip") as string,
    });
    await expect(client.energy(dimmer.id)).rejects.toMatchObject({ code: "DEVICE_CANNOT" });
  });

  it("plays effects by name, and says which there are", async () => {
    const strip = await lan.device({ kind: "strip" });
    const bulb = await lan.device({ protocol: "klap-v2" });
    const client = lan.client();
    for (const { id } of [strip, bulb]) client.hold({ id });
    expect((await client.set(strip.id, { effect: "aurora" })).state).toMatchObject({ on: true, effect: "Aurora" });
    expect((await client.set(strip.id, { brightness: 20 })).state).toMatchObject({ effect: "Aurora", brightness: 20 });
    expect((await client.set(strip.id, { kelvin: 4000 })).state).toEqual({ on: true, kelvin: 4000, brightness: 20 });
    expect((await client.set(bulb.id, { effect: "Party" })).state).toMatchObject({ effect: "Party" });
    expect((await client.set(bulb.id, { effect: null })).state.effect).toBeUndefined();
    // Nothing is left to be ended: that switches nothing on, also where there never was an effect.
    const plug = await lan.device({ kind: "plug", alias: "Fan" });
    client.hold({ id: plug.id, endpoint: { host: plug.host, port: plug.ports.xor ?? 0 }, protocol: "xor" });
    for (const { id } of [bulb, plug]) {
      await client.set(id, { on: false });
      expect((await client.set(id, { effect: null })).state.on).toBe(false);
    }
    expect([bulb, plug].map((device) => device.look()[0]?.state.on)).toEqual([false, false]);
    await expect(client.set(strip.id, { effect: "Disco" })).rejects.toMatchObject({
      code: "DEVICE_CANNOT",
      message: expect.stringContaining("Aurora") as string,
    });
  });

  it("sends one request for a change of many fields, and has one under way whatever many ask for", async () => {
    const lamp = await lan.device();
    const client = lan.client({ pollMs: 60_000, energyMs: 60_000, settleMs: 30_000 });
    client.hold({ id: lamp.id });
    await client.refresh(lamp.id);
    // It is asked for its meter as soon as it is connected, and this one has none.
    await client.energy(lamp.id).catch(() => undefined);
    lamp.fault({ delayMs: 30 });
    const before = lamp.requests.length;
    const first = client.set(lamp.id, { brightness: 1, hue: 10, saturation: 90 }, "first");
    await wait(10);
    // They wait for it and become one: the newer word for a field counts.
    const rest = Array.from({ length: 50 }, (_, n) => client.set(lamp.id, { brightness: n + 2 }, n));
    const reached = await Promise.all([first, ...rest, client.set(lamp.id, { hue: 200 }, "last")]);
    expect(lamp.requests.length - before).toBe(2);
    expect(reached[0]?.state).toEqual({ on: true, brightness: 1, hue: 10, saturation: 90 });
    expect(new Set(reached.slice(1).map(({ state }) => JSON.stringify(state))).size).toBe(1);
    expect(lamp.look()[0]?.state).toEqual({ on: true, brightness: 51, hue: 200, saturation: 90 });
  });

  it("tells what a command reached with who asked, and what somebody did elsewhere as that", async () => {
    const lamp = await lan.device();
    const client = lan.client();
    client.hold({ id: lamp.id });
    await client.set(lamp.id, { on: true }, "flow 7");
    await eventually(() =>
      expect(told(client.events, "state").map((event) => "cause" in event && event.cause)).toEqual([
        { kind: "first" },
        { kind: "command", by: "flow 7" },
      ]),
    );
    // Not before the look that follows a command has been: it might be taken for the command's.
    await eventually(() =>
      expect(lamp.requests.filter(({ request }) => "system" in request).length).toBeGreaterThan(2),
    );
    lamp.wallSwitch();
    await eventually(() =>
      expect(told(client.events, "state").at(-1)).toMatchObject({
        cause: { kind: "elsewhere" },
        before: { on: true },
        device: { state: { on: false } },
      }),
    );
  });

  it("fades: by the device's own transition without a look in between, or by steps where it has none", async () => {
    const older = await lan.device();
    const newer = await lan.device({ protocol: "klap-v2" });
    const client = lan.client({ pollMs: 40 });
    for (const { id } of [older, newer]) {
      client.hold({ id });
      await client.set(id, { on: true, brightness: 100 });
    }
    await client.set(older.id, { brightness: 10, transitionMs: 600 });
    await client.set(newer.id, { brightness: 10, transitionMs: 1000 });
    expect(newer.look()[0]?.state.brightness).toBeGreaterThan(10);
    await eventually(() => expect(newer.look()[0]?.state.brightness).toBe(10));
    await eventually(() => expect(older.look()[0]?.state.brightness).toBe(10));
    await eventually(() => expect(client.get(newer.id)?.state?.brightness).toBe(10));
    const seen = told(client.events, "state").flatMap((event) =>
      event.type === "state" && event.device.id === older.id ? [event.device.state?.brightness] : [],
    );
    expect(new Set(seen)).toEqual(new Set([100, 10]));
    expect(
      told(client.events, "state").some((event) => event.type === "state" && event.cause.kind === "elsewhere"),
    ).toBe(false);
  });

  it("says of a fade of steps that it is under way, and when it is over", async () => {
    const lamp = await lan.device({ protocol: "klap-v2" });
    const client = lan.client();
    client.hold({ id: lamp.id });
    await client.set(lamp.id, { brightness: 90 });
    expect(await client.set(lamp.id, { brightness: 10, transitionMs: 800 })).toMatchObject({ fading: true });
    expect(client.get(lamp.id)?.fading).toBe(true);
    await eventually(() =>
      expect(client.events.at(-1)).toMatchObject({ device: { fading: false, state: { brightness: 10 } } }),
    );
    expect((await client.set(lamp.id, { brightness: 20 })).fading).toBeUndefined();
  });

  it("leaves a lamp off that a hand switched off in the midst of a fade of steps, and tells of it", async () => {
    const lamp = await lan.device({ protocol: "klap-v2" });
    const client = lan.client();
    client.hold({ id: lamp.id });
    await client.set(lamp.id, { on: true, brightness: 100 });
    await client.set(lamp.id, { brightness: 10, transitionMs: 1000 });
    lamp.wallSwitch();
    await eventually(() =>
      expect(told(client.events, "state").at(-1)).toMatchObject({
        cause: { kind: "elsewhere" },
        device: { state: { on: false } },
      }),
    );
    await always(() => expect(lamp.look()[0]?.state.on).toBe(false), 1000);
  });

  it("tells that a fade is over also when the order that ended it is refused", async () => {
    const lamp = await lan.device({ protocol: "klap-v2", color: false });
    const client = lan.client({ pollMs: 60_000 });
    client.hold({ id: lamp.id });
    await client.set(lamp.id, { on: true, brightness: 100 });
    expect(await client.set(lamp.id, { brightness: 10, transitionMs: 60_000 })).toMatchObject({ fading: true });
    await expect(client.set(lamp.id, { hue: 9 })).rejects.toMatchObject({ code: "DEVICE_CANNOT" });
    expect(told(client.events, "info").at(-1)).toMatchObject({ device: { id: lamp.id, fading: false } });
    expect(client.get(lamp.id)?.fading).toBe(false);
  });

  it("asks an older bulb once whether it has a meter, and takes its no for an answer", async () => {
    const lamp = await lan.device();
    const client = lan.client({ energyMs: 20, pollMs: 60_000 });
    client.hold({ id: lamp.id });
    await eventually(() => expect(told(client.events, "info")).toHaveLength(1));
    expect(client.get(lamp.id)?.info?.abilities).toMatchObject({ brightness: true, energy: false });
    await client.refresh(lamp.id);
    expect(client.get(lamp.id)?.info?.abilities.energy).toBe(false);
    await expect(client.energy(lamp.id)).rejects.toMatchObject({ code: "DEVICE_CANNOT" });
    const asked = lamp.requests.filter(({ request }) => "smartlife.iot.common.emeter" in request);
    expect(asked).toHaveLength(1);
  });

  it("shakes hands also with a device whose random bytes begin as JSON does", async () => {
    const braces = {
      ...systemRandom,
      bytes: (count: number) => Buffer.concat([Buffer.from("{"), randomBytes(count - 1)]),
    };
    const lamp = await startDeviceEmulator(
      {
        kind: "bulb",
        alias: "Lamp",
        mac: "50:C7:BF:00:7B:7B",
        protocol: "klap-v2",
        family: "smart",
        host: freshHost(),
        ports: { http: 0 },
        credentials: OWNER,
      },
      { clock: systemClock, random: braces },
    );
    try {
      const client = lan.client({ askAt: [{ host: lamp.host }] });
      client.hold({ id: lamp.id });
      expect((await client.set(lamp.id, { on: true })).state.on).toBe(true);
    } finally {
      await lamp.close();
    }
  });

  it("steps the brightness from where it is", async () => {
    const lamp = await lan.device();
    const client = lan.client();
    client.hold({ id: lamp.id });
    await client.set(lamp.id, { brightness: 95 });
    expect((await client.step(lamp.id, -20)).state.brightness).toBe(75);
    expect((await client.step(lamp.id, 90)).state.brightness).toBe(100);
    // A knob that is turned quickly: each click counts, though the lamp has not said yes to the one before.
    const clicks = await Promise.all(Array.from({ length: 5 }, () => client.step(lamp.id, -10)));
    expect(clicks.at(-1)?.state.brightness).toBe(50);
    expect(lamp.look()[0]?.state.brightness).toBe(50);
  });

  it("leaves nobody waiting whom it was asked by just before the device was given up", async () => {
    const lamp = await lan.device();
    const client = lan.client({ answerMs: 60_000 });
    client.hold({ id: lamp.id });
    await client.set(lamp.id, { on: true });
    lamp.fault({ silent: true });
    const asked = [client.refresh(lamp.id), client.set(lamp.id, { on: false }), client.refresh(lamp.id)];
    client.release(lamp.id);
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: "DEVICE_UNREACHABLE" });
  });

  it("refuses a fade to what the device cannot as a whole, and does none of it", async () => {
    const lamp = await lan.device({ protocol: "klap-v2", color: false });
    const client = lan.client();
    client.hold({ id: lamp.id });
    await client.set(lamp.id, { brightness: 50 });
    await expect(client.set(lamp.id, { hue: 9, brightness: 90, transitionMs: 1000 })).rejects.toMatchObject({
      code: "DEVICE_CANNOT",
    });
    await client.refresh(lamp.id);
    expect(lamp.look()[0]?.state.brightness).toBe(50);
  });

  it("searches once for all who ask at the same time, and anew for whoever asks later or elsewhere", async () => {
    const [host, elsewhere] = [freshHost(), freshHost()];
    /** By where they come from: each search has a socket of its own. */
    const searches = new Set<number>();
    const lamp = createSocket("udp4", (_question, { port, address }) => {
      searches.add(port);
      const sysinfo = { model: "KL130", alias: "Lamp", mac: "50:C7:BF:FF:FF:09" };
      lamp.send(encrypt(Buffer.from(JSON.stringify({ system: { get_sysinfo: sysinfo } }))), port, address);
    });
    await new Promise<void>((resolve) => lamp.bind(9999, host, resolve));
    try {
      const client = lan.client({ askAt: [{ host }] });
      const search = (more: object = {}) => client.discover({ waitMs: 100, ...more });
      const [first, ...others] = await Promise.all([
        search(),
        search(),
        search({ askAt: [{ host: elsewhere }] }),
        search(),
      ]);
      expect(first).toMatchObject([{ id: "kasa-50c7bfffff09" }]);
      expect(others).toEqual([first, [], first]);
      expect(searches.size).toBe(1);
      await search();
      expect(searches.size).toBe(2);
    } finally {
      lamp.close();
    }
  });

  it("forgets the oldest of what it found when somebody makes devices up without end", async () => {
    const host = freshHost();
    let made = 0;
    const crowd = createSocket("udp4", (_question, { port, address }) => {
      for (let n = 0; n < 100; n++) {
        const mac = `50:C7:BF:FF:${(made >> 8).toString(16).padStart(2, "0")}:${(made++ & 255).toString(16).padStart(2, "0")}`;
        const answer = { system: { get_sysinfo: { model: "KL130", alias: "Nobody", mac } } };
        crowd.send(encrypt(Buffer.from(JSON.stringify(answer))), port, address);
      }
    });
    await new Promise<void>((resolve) => crowd.bind(9999, host, resolve));
    try {
      const client = lan.client({ askAt: [{ host }] });
      const overflown = async () => {
        await client.discover({ waitMs: 30 });
        expect(told(client.events, "found").length).toBeGreaterThan(MOST_FOUND + 100);
      };
      await eventually(overflown);
      expect(client.found()).toHaveLength(MOST_FOUND);
    } finally {
      crowd.close();
    }
  });
});
