import { execFile, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { FakeClock, seededRandom } from "@skein/kit";
import * as fc from "fast-check";
import { authHash, clientHash, KlapCipher } from "../klap/cipher";
import { createLan, freshHost, OWNER, type Lan } from "../testing/lan";
import { askAtLine } from "./ask-at-line";
import { createBody } from "./body";
import type { EmulatedDevice } from "./emulator";
import { createIot } from "./iot";
import { createKlap, ownerHash } from "./klap-server";
import { createSmart } from "./smart";
import { autokey } from "./xor-server";

const LIGHT = "smartlife.iot.smartbulb.lightingservice";
const device = (wish: Partial<EmulatedDevice> = {}): EmulatedDevice => ({
  kind: "bulb",
  family: "iot",
  protocol: "xor",
  alias: "Lamp",
  mac: "50:C7:BF:00:00:01",
  host: "127.0.0.1",
  ...wish,
});
const iot = (wish: Partial<EmulatedDevice> = {}, clock = new FakeClock()) => {
  const body = createBody(device(wish), clock, () => {});
  const handle = createIot(body);
  return {
    body,
    clock,
    ask: (module: string, method: string, args: object = {}) =>
      (handle({ [module]: { [method]: args } }) as Record<string, Record<string, object>>)[module]?.[method],
  };
};

describe("An emulated older bulb", () => {
  it("keeps in dft_on_state what it comes back with, and merges it when it is switched on", () => {
    const { ask } = iot();
    ask(LIGHT, "transition_light_state", {
      on_off: 1,
      ignore_default: 1,
      hue: 200,
      saturation: 50,
      color_temp: 0,
      brightness: 60,
    });
    ask(LIGHT, "transition_light_state", { on_off: 0 });
    expect(ask(LIGHT, "get_light_state")).toEqual({
      on_off: 0,
      dft_on_state: { mode: "normal", hue: 200, saturation: 50, color_temp: 0, brightness: 60 },
      err_code: 0,
    });
    expect(ask(LIGHT, "transition_light_state", { on_off: 1 })).toMatchObject({
      on_off: 1,
      hue: 200,
      brightness: 60,
      err_code: 0,
    });
  });

  it("refuses a value out of its range, whole", () => {
    const { ask } = iot();
    const before = ask(LIGHT, "get_light_state");
    for (const wrong of [
      { brightness: 400 },
      { hue: 361 },
      { saturation: -1 },
      { color_temp: 1500 },
      { on_off: 2 },
      { brightness: 1.5 },
    ])
      expect(ask(LIGHT, "transition_light_state", { on_off: 1, ...wrong })).toMatchObject({ err_code: -10000 });
    expect(ask(LIGHT, "get_light_state")).toEqual(before);
  });

  it.each<[EmulatedDevice["kind"], number, number, number]>([
    ["bulb", -2001, -2000, -10_000],
    ["strip", -1, -2, -10_000],
    ["plug", -1, -2, -3],
  ])(
    "says no as a real %s does: to a module, to a method, to what is no argument",
    (kind, module, method, argument) => {
      const { ask, body } = iot({ kind });
      expect(createIot(body)({ garage: { open: {} } })).toMatchObject({ garage: { err_code: module } });
      expect(ask("system", "fly")).toMatchObject({ err_code: method });
      expect(createIot(body)({ system: { get_sysinfo: 1 } })).toMatchObject({
        system: { get_sysinfo: { err_code: argument } },
      });
    },
  );

  it("stays white when a colour comes without color_temp 0", () => {
    const { ask } = iot();
    expect(ask(LIGHT, "transition_light_state", { on_off: 1, hue: 10, saturation: 90 })).toMatchObject({
      color_temp: 2700,
    });
  });

  it("answers with values in between during a transition, and says at once where it goes", async () => {
    const { ask, clock } = iot();
    ask(LIGHT, "transition_light_state", { on_off: 1, brightness: 100 });
    expect(ask(LIGHT, "transition_light_state", { on_off: 1, brightness: 20, transition_period: 1000 })).toMatchObject({
      brightness: 20,
    });
    await clock.advance(500);
    expect(ask(LIGHT, "get_light_state")).toMatchObject({ brightness: 60 });
    await clock.advance(500);
    expect(ask(LIGHT, "get_light_state")).toMatchObject({ brightness: 20 });
  });

  it("ends a strip's effect by colour or white, and dims it by brightness", () => {
    const { ask } = iot({ kind: "strip" });
    const effect = () => (ask("system", "get_sysinfo") as { lighting_effect_state: object }).lighting_effect_state;
    ask("smartlife.iot.lighting_effect", "set_lighting_effect", { enable: 1, name: "Ocean", brightness: 70 });
    expect(effect()).toMatchObject({ enable: 1, name: "Ocean", brightness: 70 });
    ask("smartlife.iot.lightStrip", "set_light_state", { on_off: 1, brightness: 30 });
    expect(effect()).toMatchObject({ enable: 1, brightness: 30 });
    ask("smartlife.iot.lightStrip", "set_light_state", { on_off: 1, color_temp: 0, hue: 5, saturation: 5 });
    expect(effect()).toMatchObject({ enable: 0 });
  });

  it("is never brought out of its ranges, whatever it is sent", () => {
    const { body, ask } = iot();
    const field = fc.oneof(fc.integer({ min: -500, max: 10_000 }), fc.double(), fc.string(), fc.constant(null));
    const args = fc.record(
      { on_off: field, brightness: field, hue: field, saturation: field, color_temp: field },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(args, (wish) => {
        ask(LIGHT, "transition_light_state", wish);
        const { brightness, hue, saturation, kelvin } = body.lamps[0]?.now() ?? {};
        expect(brightness).toBeGreaterThanOrEqual(1);
        expect(brightness).toBeLessThanOrEqual(100);
        expect([hue ?? -1, saturation ?? -1].every((value) => value >= 0 && value <= 360)).toBe(true);
        expect(kelvin === 0 || ((kelvin ?? 0) >= 2500 && (kelvin ?? 0) <= 9000)).toBe(true);
      }),
    );
  });
});

describe("An emulated power strip", () => {
  it("switches and measures the outlets that are named, by ids of its own only", () => {
    const { body } = iot({ kind: "power-strip", outlets: 3, energy: true });
    const handle = createIot(body);
    const info = handle({ system: { get_sysinfo: {} } }) as { system: { get_sysinfo: { children: { id: string }[] } } };
    const [first, second] = info.system.get_sysinfo.children.map(({ id }) => id);
    const set = (...child_ids: unknown[]) =>
      handle({ context: { child_ids }, system: { set_relay_state: { state: 1 } } });
    expect(set(second)).toMatchObject({ system: { set_relay_state: { err_code: 0 } } });
    for (const wrong of ["", "7", "801200000000000000000000000000000000000000", "09"])
      expect(set(second, wrong)).toMatchObject({ system: { set_relay_state: { err_code: -14 } } });
    expect(set(0)).toMatchObject({ system: { set_relay_state: { err_code: -3 } } });
    expect(set()).toMatchObject({ system: { set_relay_state: { err_code: 0 } } });
    expect(body.lamps.map((lamp) => lamp.now().on)).toEqual([false, true, false]);
    const power = (child: unknown) =>
      handle({ context: { child_ids: [child] }, emeter: { get_realtime: {} } }) as {
        emeter: { get_realtime: { power_mw: number } };
      };
    expect([first, second].map((id) => power(id).emeter.get_realtime.power_mw)).toEqual([0, 40_000]);
  });
});

describe("What every emulated device inherits", () => {
  it.each(["valueOf", "constructor", "__proto__", "toString"])("%s is no module, method or child of it", (name) => {
    const { body } = iot();
    const older = createIot(body);
    const asked = (text: string) => older(JSON.parse(text));
    expect(asked(`{"${name}":{"x":{}}}`)).toEqual(
      JSON.parse(`{"${name}":{"err_code":-2001,"err_msg":"Module not support"}}`),
    );
    expect(JSON.stringify(asked(`{"system":{"${name}":{}}}`))).toContain('"err_code":-2000');
    expect(createSmart(body)({ method: name })).toEqual({ error_code: -1002 });
  });
});

describe("An emulated newer bulb", () => {
  const ask = createSmart(createBody(device({ family: "smart" }), new FakeClock(), () => {}));

  it("has the error codes of the real ones, and stops at the first that fails", () => {
    expect(ask({ method: "fly" })).toEqual({ error_code: -1002 });
    expect(ask({ method: "set_device_info", params: { brightness: 0 } })).toEqual({ error_code: -1008 });
    expect(ask({ method: "set_device_info", params: "on" })).toEqual({ error_code: -1008 });
    expect(ask("text")).toEqual({ error_code: -1003 });
    const requests = [{ method: "get_device_info" }, { method: "fly" }, { method: "get_device_info" }];
    const { result } = ask({ method: "multipleRequest", params: { requests } }) as { result: { responses: object[] } };
    expect(result.responses).toMatchObject([{ error_code: 0 }, { error_code: -1002 }]);
    expect(ask({ method: "multipleRequest", params: { requests: [...requests, ...requests] } })).toEqual({
      error_code: -1008,
    });
  });
});

describe("The emulator", () => {
  let lan: Lan;
  beforeEach(() => {
    lan = createLan();
  });
  afterEach(() => lan.close());

  it("outlives whatever is thrown at its sockets", async () => {
    const lamp = await lan.device();
    const newer = await lan.device({ protocol: "klap-v2" });
    const noise = [
      Buffer.from([0, 0, 0, 3, 1, 2, 3]),
      Buffer.alloc(4, 0xff),
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
      Buffer.from("POST /app/request?seq=x HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc"),
    ];
    for (const bytes of noise)
      for (const [host, port] of [
        [lamp.device.host, 9999],
        [newer.device.host, newer.ports.http ?? 0],
      ] as const) {
        const socket = connect(port, host);
        socket.on("error", () => {});
        await once(socket, "connect");
        socket.end(bytes);
        socket.resume();
        await once(socket, "close");
      }
    const udp = createSocket("udp4");
    for (const bytes of noise) {
      udp.send(bytes, 9999, lamp.device.host);
      udp.send(bytes, 20_002, newer.device.host);
    }
    const client = lan.client();
    for (const { id } of [lamp, newer]) {
      client.hold({ id });
      expect((await client.set(id, { on: true })).state.on).toBe(true);
    }
    udp.close();
  });

  it("opens all of a device's ports or none, and none after it was closed", async () => {
    const first = await lan.device({ protocol: "klap-v2" });
    const http = first.ports.http ?? 0;
    // Discovery's port is taken there.
    await expect(lan.device({ protocol: "klap-v2", host: first.device.host })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
    const elsewhere = freshHost();
    const blocked = await lan.device({ protocol: "klap-v2", host: elsewhere });
    await expect(first.moveTo(elsewhere)).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect([first.host, first.ports.http]).toEqual([first.device.host, http]);
    await blocked.close();
    await blocked.powerUp();
    expect(blocked.ports).toEqual({});
  });

  it("stays what it was, with current, when a port of its new firmware cannot be had", async () => {
    const host = freshHost();
    const other = createServer().listen(0, host);
    await once(other, "listening");
    const lamp = await lan.device({ host, ports: { http: (other.address() as AddressInfo).port } });
    await expect(lamp.updateFirmware("klap-v1")).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect([lamp.protocol, lamp.look()[0]?.powered]).toEqual(["xor", true]);
    other.close();
    await lamp.updateFirmware("klap-v1");
    expect(lamp.protocol).toBe("klap-v1");
  });

  it("comes back lit after a power cut, at the same address, and dark at the plug that was off", async () => {
    const lamp = await lan.device({ protocol: "klap-v1" });
    const plug = await lan.device({ kind: "plug" });
    const { http } = lamp.ports;
    for (const each of [lamp, plug]) await each.powerCut();
    expect([lamp.look()[0]?.powered, lamp.look()[0]?.css, lamp.ports.http]).toEqual([false, "transparent", undefined]);
    for (const each of [lamp, plug]) await each.powerUp();
    expect([lamp.look()[0]?.state.on, plug.look()[0]?.state.on, lamp.ports.http]).toEqual([true, false, http]);
  });
});

describe("A session with an emulated device", () => {
  it("ends when its time is over, and when another client shakes hands", async () => {
    const clock = new FakeClock();
    const parts = { clock, random: seededRandom(1), faults: () => ({}), answer: () => ({}) };
    const klap = createKlap({ version: 2, ...OWNER, timeoutS: 60 }, parts);
    const none = new URLSearchParams();
    const auth = authHash(2, OWNER);
    const shakeHands = () => {
      const local = Buffer.alloc(16, 7);
      const first = klap.handle("/app/handshake1", none, undefined, local);
      const seeds = { local, remote: first?.body?.subarray(0, 16) ?? Buffer.alloc(0) };
      const id = /TP_SESSIONID=([^;]+)/.exec(first?.cookie ?? "")?.[1];
      expect(klap.handle("/app/handshake2", none, id, clientHash(2, seeds, auth))?.status).toBe(200);
      const cipher = new KlapCipher(seeds, auth);
      return () => {
        const body = cipher.encrypt("{}");
        return klap.handle("/app/request", new URLSearchParams({ seq: String(cipher.seq) }), id, body)?.status;
      };
    };
    const first = shakeHands();
    expect(first()).toBe(200);
    await clock.advance(59_000);
    expect(first()).toBe(200);
    await clock.advance(2_000);
    expect(first()).toBe(403);
    const second = shakeHands();
    expect(second()).toBe(200);
    const third = shakeHands();
    expect([second(), third()]).toEqual([403, 200]);
  });
});

describe("The emulator's own ciphers", () => {
  const vectors = JSON.parse(readFileSync(join(__dirname, "../testing/vectors.json"), "utf8")) as {
    xor_tcp: { plain: string; frame_hex: string }[];
    klap: { user: string; password: string } & Record<"v1" | "v2", { auth_hash_hex: string }>;
  };

  it.each(vectors.xor_tcp)("XOR $plain as the vector says", ({ plain, frame_hex }) => {
    const cipher = Buffer.from(frame_hex, "hex").subarray(4);
    expect(autokey(Buffer.from(plain), true)).toEqual(cipher);
    expect(autokey(cipher, false).toString()).toBe(plain);
  });

  it.each([1, 2] as const)("hash the owner for KLAP v%s as the vector says", (version) => {
    const { user: username, password } = vectors.klap;
    const hash = ownerHash({ version, username, password, timeoutS: 1 });
    expect(hash.toString("hex")).toBe(vectors.klap[`v${version}`].auth_hash_hex);
  });
});

it("is told of to a leader as its settings want it", () => {
  const line = askAtLine([
    { host: "127.0.9.1", ports: { xor: 9999 } },
    { host: "127.0.9.2", ports: { http: 8080, klap: 20_002 } },
    { host: "127.0.9.3", ports: { http: 80, klap: 1234, tpap: 1235 } },
  ]);
  expect(line).toContain(
    "devices: { kasa: { askAt: [127.0.9.1, 127.0.9.2, { host: 127.0.9.3, ports: { klap: 1234, tpap: 1235 } }] } }",
  );
});

describe("npm run kasa-emulator", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "skein-emulator-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const entry = join(__dirname, "../../dist/emulator/main.js");
  const write = (yaml: string) => {
    const file = join(folder, "home.yaml");
    writeFileSync(file, yaml);
    return file;
  };

  it("runs what the file says, tells of changes and ends when it is told to", async () => {
    const file = write(
      `devices: [{ alias: Lamp, kind: bulb, mac: "50:C7:BF:00:00:09", host: ${freshHost()}, ports: { xor: 0 } }]`,
    );
    const child = spawn(process.execPath, [entry, "--config", file], { stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk) => (said += String(chunk)));
    const until = async (text: string) => {
      while (!said.includes(text)) await once(child.stdout, "data");
    };
    await until('"on":false');
    await until("devices: { kasa: { askAt: [{ host: 127.");
    child.stdin.write("switch Lamp\n");
    await until('"on":true');
    child.stdin.write("switch\n");
    await until('"switch" wants a device: switch DEVICE. The devices: Lamp.');
    child.kill("SIGTERM");
    expect((await once(child, "exit"))[0]).toBe(0);
  });

  it.each([
    ["devices: [{ alias: Lamp, kind: lamp, mac: x, host: 127.0.0.1 }]", "devices.0.kind"],
    [
      'devices: [{ alias: Lamp, kind: bulb, mac: "50:C7:BF:00:00:09", host: 127.0.0.1, colour: true }]',
      'did you mean "devices.0.color"?',
    ],
    ['devices: [{ alias: Lamp, kind: bulb, mac: "50:C7:BF:00:00:09", host: 203.0.113.9 }]', "Give it another host"],
    [
      'devices: [{ alias: Lamp, kind: bulb, family: smart, mac: "50:C7:BF:00:00:09", host: 127.0.0.1 }]',
      "devices.0.protocol",
    ],
  ])("says what is wrong with %s", async (yaml, words) => {
    const run = promisify(execFile)(process.execPath, [entry, "--config", write(yaml)]);
    await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(words) as string });
  });
});
