import { connect, createServer, type Server, type Socket } from "node:net";
import { createSocket } from "node:dgram";
import { FakeClock, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { eventually } from "../../../test/support/eventually";
import type { KasaClient, KasaEvent } from "./client";
import type { Condition } from "./diagnosis";
import { idOfMac } from "./device-id";
import type { DeviceEmulator } from "./emulator";
import { createKasaClient } from "./kasa-client";
import { dial } from "./link/dial";
import type { Protocol } from "./protocol";
import { encrypt } from "./xor/cipher";
import { createLan, freshHost, OWNER, type Lan } from "./testing/lan";

/** What goes wrong in a house, one by one, each with what its owner is told: and nobody who asked is left waiting. */
describe("When something is wrong, the client", () => {
  let lan: Lan;
  beforeEach(() => {
    lan = createLan();
  });
  afterEach(() => lan.close());

  const hold = (client: KasaClient, { id, device, protocol, ports }: DeviceEmulator) =>
    client.hold({ id, protocol, endpoint: { host: device.host, port: ports.xor ?? ports.http ?? 0 } });
  const conditionOf = (client: KasaClient, id: string) => client.get(id)?.diagnosis.condition;
  const comesTo = (client: KasaClient, id: string, condition: Condition) =>
    eventually(() => expect(conditionOf(client, id)).toBe(condition));
  const ofType = <T extends KasaEvent["type"]>(events: readonly KasaEvent[], type: T) =>
    events.filter((event): event is Extract<KasaEvent, { type: T }> => event.type === type);
  /** Every code that anything was ever diagnosed with. */
  const conditions = (events: readonly KasaEvent[]) =>
    ofType(events, "diagnosis").map(({ device }) => device.diagnosis.condition);

  it("waits for a lamp that is off at the start, keeps nobody waiting, and has it soon after it is on", async () => {
    const lamp = await lan.device();
    await lamp.powerCut();
    const client = lan.client();
    client.hold({ id: lamp.id, protocol: "xor", endpoint: { host: lamp.device.host, port: 9999 } });
    expect(conditionOf(client, lamp.id)).toBe("connecting");
    await expect(client.set(lamp.id, { on: true })).rejects.toMatchObject({
      code: "DEVICE_UNREACHABLE",
      message: expect.stringContaining("refused") as string,
    });
    expect(client.get(lamp.id)?.diagnosis).toMatchObject({
      condition: "unreachable",
      hint: expect.stringContaining("switched on") as string,
    });
    expect(client.get(lamp.id)?.diagnosis.tried).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ protocol: "xor", answer: "KASA_UNREACHABLE" }),
        expect.objectContaining({ protocol: "discovery", answer: "KASA_NOT_FOUND" }),
      ]),
    );
    await lamp.powerUp();
    await comesTo(client, lamp.id, "ok");
    expect((await client.set(lamp.id, { brightness: 20 })).state).toEqual(expect.objectContaining({ brightness: 20 }));
  });

  it("tries a lamp anew that refused and then answered to the search: it was starting, and nobody else has it", async () => {
    const lamp = await lan.device();
    const way = { endpoint: { host: lamp.host, port: lamp.ports.xor ?? 0 }, protocol: "xor" } as const;
    await lamp.powerCut();
    const sighting = { ...way, id: lamp.id, mac: lamp.device.mac, model: "KL130" };
    const search = async () => {
      await lamp.powerUp();
      return [sighting];
    };
    const { connected, tried } = await dial(
      lamp.id,
      { known: way },
      {
        clock: systemClock,
        random: systemRandom,
        answerMs: 1000,
        credentials: undefined,
        aesPassthrough: false,
        signal: new AbortController().signal,
        discovery: { ask: search },
      },
    );
    connected?.session.close();
    expect(tried.map(({ protocol, answer }) => [protocol, answer])).toEqual([
      ["xor", "ok"],
      ["discovery", "ok"],
      ["xor", "KASA_UNREACHABLE"],
    ]);
  });

  it("calls a lamp that is seen and refuses unreachable, and has it as soon as it takes connections", async () => {
    const lamp = await lan.device();
    const { host } = lamp;
    const client = lan.client();
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    await lamp.powerCut();
    const stop = await answersToTheSearchOnly(host, lamp.device.mac);
    await eventually(() => expect(client.get(lamp.id)?.diagnosis.text).toMatch(/answers to the search/));
    expect(conditionOf(client, lamp.id)).toBe("unreachable");
    await stop();
    await lamp.powerUp();
    await comesTo(client, lamp.id, "ok");
    expect(conditions(client.events)).not.toContain("busy");
  });

  it("takes a lamp back after an hour without current, and tells how it came back beside how it was", async () => {
    const lamp = await lan.device();
    const clock = new FakeClock();
    const client = createKasaClient({
      clock,
      random: systemRandom,
      logger: silentLogger,
      askAt: [{ host: lamp.device.host }],
    });
    const events: KasaEvent[] = [];
    client.on((event) => events.push(event));
    /** Seconds of the house pass while the sockets, which are real, do their part. */
    const passing = (check: () => void) =>
      eventually(async () => {
        await clock.advance(1000);
        check();
      });
    try {
      hold(client, lamp);
      await eventually(() => expect(conditionOf(client, lamp.id)).toBe("ok"));
      await client.set(lamp.id, { on: false });
      await lamp.powerCut();
      await passing(() => expect(conditionOf(client, lamp.id)).toBe("unreachable"));
      await clock.advance(3_600_000);
      expect(client.get(lamp.id)).toMatchObject({ state: { on: false }, diagnosis: { condition: "unreachable" } });
      await lamp.powerUp();
      await passing(() => expect(conditionOf(client, lamp.id)).toBe("ok"));
      // Bulbs come back lit: what was confirmed before is there for whoever wants it back.
      expect(ofType(events, "state").at(-1)).toMatchObject({
        cause: { kind: "first" },
        before: { on: false },
        device: { state: { on: true } },
      });
    } finally {
      await client.close();
    }
  });

  it.each<Protocol>(["xor", "klap-v2"])("finds a %s lamp again that has another address", async (protocol) => {
    const lamp = await lan.device({ protocol });
    const elsewhere = freshHost();
    const client = lan.client({ askAt: lan.askAt(elsewhere) });
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    await lamp.moveTo(elsewhere);
    await eventually(() => expect(ofType(client.events, "moved")).toHaveLength(1));
    expect(ofType(client.events, "moved")[0]).toMatchObject({
      from: { host: lamp.device.host },
      to: { host: elsewhere },
    });
    expect((await client.set(lamp.id, { on: false })).state.on).toBe(false);
    expect(lamp.look()[0]?.state.on).toBe(false);
  });

  it.each<Protocol>(["xor", "klap-v2"])(
    "finds a %s lamp that moved to where no search reaches as soon as somebody asks there",
    async (protocol) => {
      const lamp = await lan.device({ protocol });
      const elsewhere = freshHost();
      const client = lan.client();
      hold(client, lamp);
      await client.set(lamp.id, { on: true });
      await lamp.moveTo(elsewhere);
      await comesTo(client, lamp.id, "unreachable");
      await client.discover({ waitMs: 200, askAt: [{ host: elsewhere }] });
      expect((await client.refresh(lamp.id)).on).toBe(true);
      expect(ofType(client.events, "moved")).toMatchObject([{ to: { host: elsewhere } }]);
      expect((await client.set(lamp.id, { on: false })).state.on).toBe(false);
    },
  );

  it("does not leave a lamp for another address while it is well where it is", async () => {
    const lamp = await lan.device();
    const client = lan.client();
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    const impostor = await lan.device({ mac: lamp.device.mac });
    await client.discover({ waitMs: 200, askAt: [{ host: impostor.host }] });
    await client.refresh(lamp.id);
    expect(client.get(lamp.id)?.endpoint?.host).toBe(lamp.host);
    expect(ofType(client.events, "moved")).toEqual([]);
  });

  it("does not take another lamp at the old address for the one that was there", async () => {
    const lamp = await lan.device();
    const client = lan.client();
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    await lamp.close();
    const stranger = await lan.device({ host: lamp.device.host, mac: "50:C7:BF:FF:FF:02" });
    await comesTo(client, lamp.id, "unreachable");
    await expect(client.set(lamp.id, { on: false })).rejects.toMatchObject({ code: "DEVICE_UNREACHABLE" });
    expect(client.get(lamp.id)?.diagnosis.text).toMatch(/another device/);
    expect(stranger.requests.every(({ request }) => !JSON.stringify(request).includes("on_off"))).toBe(true);
  });

  it("does not take a stranger's refusal at the old address for the lamp's own", async () => {
    const lamp = await lan.device({ protocol: "klap-v2" });
    const client = lan.client();
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    const { http = 0 } = lamp.ports;
    await lamp.close();
    await lan.device({
      protocol: "klap-v2",
      host: lamp.device.host,
      mac: "50:C7:BF:FF:FF:03",
      ports: { http },
      credentials: { username: "neighbour@example.com", password: "theirs" },
    });
    await eventually(() => expect(client.get(lamp.id)?.diagnosis.text).toMatch(/another device/));
    expect(conditions(client.events)).toEqual(["ok", "unreachable"]);
  });

  it.each<Protocol>(["klap-v2", "aes"])(
    "shakes hands again after a 403 in mid-session over %s, and nobody notices",
    async (protocol) => {
      const lamp = await lan.device({ protocol });
      const client = lan.client();
      hold(client, lamp);
      await client.set(lamp.id, { on: true });
      lamp.fault({ refuse: 1 });
      expect((await client.set(lamp.id, { brightness: 33 })).state.brightness).toBe(33);
      expect(new Set(conditions(client.events))).toEqual(new Set(["ok"]));
    },
  );

  it("says busy, and never credentials, when the session is taken away again and again", async () => {
    const lamp = await lan.device({ protocol: "klap-v2" });
    const client = lan.client();
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    lamp.fault({ refuse: 1000 });
    await expect(client.set(lamp.id, { on: false })).rejects.toMatchObject({ code: "DEVICE_UNREACHABLE" });
    await comesTo(client, lamp.id, "busy");
    expect(client.get(lamp.id)?.diagnosis.hint).toMatch(/other programs/);
    lamp.fault({});
    await comesTo(client, lamp.id, "ok");
    expect(conditions(client.events)).not.toContain("credentials");
  });

  it("shares a KLAP lamp with a second client, each of whose handshakes ends our session", async () => {
    const lamp = await lan.device({ protocol: "klap-v2" });
    const [ours, theirs] = [lan.client(), lan.client()];
    for (const client of [ours, theirs]) hold(client, lamp);
    for (let brightness = 10; brightness < 16; brightness++) {
      const client = brightness % 2 === 0 ? ours : theirs;
      expect((await client.set(lamp.id, { brightness })).state.brightness).toBe(brightness);
    }
    for (const { events } of [ours, theirs]) expect(conditions(events)).not.toContain("credentials");
  });

  it.each<[Protocol, Protocol]>([
    ["xor", "klap-v1"],
    ["klap-v1", "klap-v2"],
    ["klap-v2", "aes"],
  ])("follows a firmware update from %s to %s without a restart, and tells of it", async (from, to) => {
    const lamp = await lan.device({ protocol: from, family: "iot" });
    const client = lan.client();
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    await lamp.updateFirmware(to);
    await eventually(() => expect(ofType(client.events, "protocol-changed")).toHaveLength(1));
    expect(ofType(client.events, "protocol-changed")[0]).toMatchObject({ from, to, device: { id: lamp.id } });
    expect((await client.set(lamp.id, { brightness: 5 })).state.brightness).toBe(5);
    expect(conditions(client.events)).not.toContain("credentials");
  });

  it("notices an update that came and went between two looks, at the next of them", async () => {
    const lamp = await lan.device({ protocol: "klap-v1", family: "iot" });
    const client = lan.client({ pollMs: 60_000 });
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    await client.refresh(lamp.id);
    await lamp.updateFirmware("klap-v2");
    await client.refresh(lamp.id);
    expect(ofType(client.events, "protocol-changed")).toMatchObject([{ from: "klap-v1", to: "klap-v2" }]);
    expect(client.get(lamp.id)?.protocol).toBe("klap-v2");
    expect(new Set(conditions(client.events))).toEqual(new Set(["ok"]));
  });

  it("says what to do about a lamp whose update speaks TPAP only, and follows one that still takes KLAP", async () => {
    const lamp = await lan.device({ protocol: "klap-v2" });
    const client = lan.client();
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    await lamp.updateFirmware("tpap");
    await comesTo(client, lamp.id, "newer-protocol");
    expect(client.get(lamp.id)?.diagnosis.hint).toMatch(/Third-Party Compatibility/);
    await expect(client.set(lamp.id, { on: false })).rejects.toMatchObject({ code: "DEVICE_UNREACHABLE" });
    expect(conditions(client.events)).not.toContain("credentials");
    lamp.fault({ tpapTakesKlap: true });
    await lamp.updateFirmware("tpap");
    await comesTo(client, lamp.id, "ok");
  });

  it.each<Protocol>(["klap-v1", "klap-v2", "aes"])(
    "calls refused credentials by their name over %s, and works as soon as it has the right ones",
    async (protocol) => {
      const lamp = await lan.device({ protocol });
      const client = lan.client({ credentials: { username: OWNER.username, password: "wrong" } });
      hold(client, lamp);
      await expect(client.set(lamp.id, { on: true })).rejects.toMatchObject({ code: "DEVICE_UNREACHABLE" });
      expect(conditionOf(client, lamp.id)).toBe("credentials");
      client.setCredentials(OWNER);
      await comesTo(client, lamp.id, "ok");
      expect((await client.set(lamp.id, { on: true })).state.on).toBe(true);
    },
  );

  it("sends no password to a device that says it speaks AES, were it one that spoke KLAP before, without its owner's leave", async () => {
    const lamp = await lan.device({ protocol: "klap-v2" });
    const client = lan.client({ aesPassthrough: false });
    hold(client, lamp);
    await comesTo(client, lamp.id, "ok");
    await lamp.updateFirmware("aes");
    await comesTo(client, lamp.id, "credentials");
    const { tried, hint } = client.get(lamp.id)?.diagnosis ?? {};
    expect(tried).toContainEqual(expect.objectContaining({ protocol: "aes", answer: "KASA_PASSWORD_KEPT" }));
    expect(hint).toContain("aesPassthrough");
    // The maker's default is no secret.
    const fresh = await lan.device({ protocol: "aes", credentials: undefined });
    client.hold({ id: fresh.id, endpoint: { host: fresh.host, port: fresh.ports.http ?? 0 }, protocol: "aes" });
    await comesTo(client, fresh.id, "ok");
  });

  it("notices a half-open connection by the answer that does not come, and takes the lamp back", async () => {
    const lamp = await lan.device();
    const client = lan.client({ answerMs: 500 });
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    lamp.fault({ silent: true });
    await expect(client.set(lamp.id, { on: false })).rejects.toMatchObject({ code: "DEVICE_UNREACHABLE" });
    await comesTo(client, lamp.id, "unreachable");
    expect(client.get(lamp.id)?.diagnosis.tried).toContainEqual(expect.objectContaining({ answer: "KASA_TIMEOUT" }));
    lamp.fault({});
    await comesTo(client, lamp.id, "ok");
    expect((await client.set(lamp.id, { on: false })).state.on).toBe(false);
  });

  it.each<Protocol>(["xor", "klap-v2"])("calls garbage over %s not understood", async (protocol) => {
    const lamp = await lan.device({ protocol });
    const client = lan.client({ answerMs: 500 });
    hold(client, lamp);
    await client.set(lamp.id, { on: true });
    lamp.fault({ garbage: true });
    await expect(client.set(lamp.id, { on: false })).rejects.toMatchObject({ code: "DEVICE_UNREACHABLE" });
    await eventually(() => expect(["not-understood", "unreachable"]).toContain(conditionOf(client, lamp.id)));
    expect(conditions(client.events)).not.toContain("credentials");
    lamp.fault({});
    await comesTo(client, lamp.id, "ok");
  });

  it("waits for a lamp that takes its time, with one request under way, and calls it well", async () => {
    const lamp = await lan.device();
    // Three seconds of the default five, at a tenth.
    const client = lan.client({ answerMs: 5000 });
    hold(client, lamp);
    await client.refresh(lamp.id);
    lamp.fault({ delayMs: 300 });
    const reached = await Promise.all([10, 20, 30, 40].map((brightness) => client.set(lamp.id, { brightness })));
    expect(reached.at(-1)?.state.brightness).toBe(40);
    expect(lamp.look()[0]?.state.brightness).toBe(40);
    expect(conditions(client.events)).toEqual(["ok"]);
  });

  it("finds everybody though a third of the answers over UDP are lost", async () => {
    const lamps = await Promise.all(
      (["xor", "klap-v2", "xor", "klap-v1", "aes", "xor"] as const).map((protocol) => lan.device({ protocol })),
    );
    for (const lamp of lamps) lamp.fault({ loss: 0.3 });
    const client = lan.client();
    // What one search misses (three lost answers in a row, 3 in 100), the next one finds.
    await eventually(async () => {
      await client.discover({ waitMs: 200 });
      expect(
        client
          .found()
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(lamps.map(({ id }) => id).toSorted());
    });
    expect(new Set(ofType(client.events, "found").map(({ found }) => found.id)).size).toBe(lamps.length);
    expect(ofType(client.events, "found")).toHaveLength(lamps.length);
  });

  it("does not hammer a thing that takes connections and ends each after its answer", async () => {
    const lamp = await lan.device();
    const relay = await oneAnswerEach(lamp);
    const client = lan.client({ askAt: [] });
    client.hold({ id: lamp.id, protocol: "xor", endpoint: { host: "127.0.0.1", port: relay.port } });
    await comesTo(client, lamp.id, "ok");
    await eventually(() => expect(relay.connectedAt.length).toBeGreaterThan(2));
    // Looks 200 ms apart, and not one after the other as fast as they go.
    const [first = 0, , third = 0] = relay.connectedAt;
    expect(third - first).toBeGreaterThan(250);
    await client.close();
    await relay.close();
  });

  it("calls what is no Kasa device at all not understood", async () => {
    const server = await listening(
      createServer((socket) => void socket.on("error", () => {}).end("SSH-2.0-OpenSSH_9.2\r\n")),
    );
    const id = idOfMac("50:C7:BF:FF:FF:01");
    const client = lan.client({ askAt: [] });
    client.hold({ id, protocol: "xor", endpoint: { host: "127.0.0.1", port: server.port } });
    await comesTo(client, id, "not-understood");
    await client.close();
    await server.close();
  });
});

async function listening(server: Server) {
  const sockets = new Set<Socket>();
  const connectedAt: number[] = [];
  server.on("connection", (socket: Socket) => {
    connectedAt.push(performance.now());
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    connectedAt,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Some old plugs end the connection after each answer. */
const oneAnswerEach = ({ device }: DeviceEmulator) =>
  listening(
    createServer((near) => {
      const far = connect({ host: device.host, port: 9999 });
      near.on("error", () => far.destroy()).on("close", () => far.destroy());
      far.on("error", () => near.destroy());
      near.on("data", (chunk) => far.write(chunk));
      far.on("data", (chunk) => near.end(chunk));
    }),
  );

/** As a lamp in its first seconds: its search is up, and nothing listens yet. */
async function answersToTheSearchOnly(host: string, mac: string): Promise<() => Promise<void>> {
  const socket = createSocket("udp4");
  const sysinfo = {
    deviceId: "8012",
    model: "KL130(EU)",
    alias: "Lamp",
    mic_mac: mac.replaceAll(":", ""),
    mic_type: "IOT.SMARTBULB",
  };
  socket.on("message", (_question, from) =>
    socket.send(encrypt(Buffer.from(JSON.stringify({ system: { get_sysinfo: sysinfo } }))), from.port, from.address),
  );
  await new Promise<void>((resolve) => socket.bind(9999, host, resolve));
  return () => new Promise((resolve) => socket.close(() => resolve()));
}
