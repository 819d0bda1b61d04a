/** Bad passwords, lies, garbage, too much and too large: the broker lives, the rest of the house notices nothing, counters tell. */
import { connect, createConnection } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { generate } from "mqtt-packet";
import { systemRandom } from "@skein/kit";
import { type Broker, type BrokerOptions, startBroker } from "./broker";
import { type House, createHouse, listen } from "./testing-house";
import { createUser } from "./users";

describe("The broker among bad clients", () => {
  let house: House;
  let broker: Broker;

  const start = async (options: Partial<BrokerOptions> = {}): Promise<void> => {
    broker = await startBroker({ port: 0, dataDir: house.dataDir, usersFile: house.usersFile, ...options });
    house.port = broker.port;
  };
  const refused = () => broker.stats().refused;
  /** A message still goes from one end to the other. */
  const works = async (): Promise<void> => {
    const leader = await house.client("leader", { clientId: "skein-leader-check" });
    const messages = listen(leader);
    await leader.subscribeAsync("skein/v1/followers/attic/#", { qos: 1 });
    const attic = await house.client("attic", { clientId: "skein-attic-check" });
    await attic.publishAsync("skein/v1/followers/attic/replies/leader", "still here", { qos: 1 });
    await messages.until("still here");
    await Promise.all([leader.endAsync(), attic.endAsync()]);
  };
  /** Writes bytes to the port; resolves when the broker has hung up. */
  const throwAt = (...chunks: Uint8Array[]): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(broker.port, "127.0.0.1", () => {
        for (const chunk of chunks) socket.write(chunk);
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
      socket.resume();
    });

  beforeEach(() => {
    house = createHouse();
  });
  afterEach(() => house.close(broker));

  it.each([
    ["a wrong password", { password: "guess" }, "login"],
    ["no such user", { username: "constructor", clientId: "skein-constructor" }, "login"],
    ["no user at all", { username: undefined, password: undefined }, "login"],
    ["another's client id", { clientId: "skein-attic" }, "client-id"],
    ["another's client id with an ending", { clientId: "skein-attic-2" }, "client-id"],
    ["a client id that is none of ours", { clientId: "mqttjs_1234" }, "client-id"],
    [
      "a will under another's name",
      { will: { topic: "skein/v1/followers/attic/presence", payload: Buffer.from("lost") } },
      "will",
    ],
  ] as const)("refuses %s", async (_what, options, reason) => {
    await start();
    await expect(house.client("kitchen", options as object)).rejects.toThrow();
    expect(refused()).toMatchObject({ [reason]: 1 });
    await works();
  });

  it("leaves a connection alone whose client id somebody else wants", async () => {
    await start();
    const attic = await house.client("attic");
    await expect(house.client("kitchen", { clientId: "skein-attic" })).rejects.toThrow();
    await attic.publishAsync("skein/v1/followers/attic/heartbeat", "beat", { qos: 1 });
    expect(attic.connected).toBe(true);
  });

  it("keeps a shorter name from taking a longer one's client id", async () => {
    await start();
    const { password } = createUser(house.usersFile, { role: "follower", id: "attic-2" }, systemRandom);
    await expect(house.client("attic", { clientId: "skein-attic-2" })).rejects.toThrow();
    await house.client("attic-2", { password });
  });

  it("acknowledges and drops what a follower writes under another's name, ten thousand times in a second, and hears the rest", async () => {
    await start();
    const leader = await house.client("leader");
    const messages = listen(leader);
    await leader.subscribeAsync("skein/v1/#", { qos: 1 });
    const kitchen = await house.client("kitchen");
    for (let n = 0; n < 10_000; n++)
      kitchen.publish("skein/v1/followers/attic/heartbeat", "lie", { qos: n % 100 === 0 ? 1 : 0 });
    await kitchen.publishAsync("skein/v1/followers/attic/presence", "lie", { qos: 1, retain: true });
    await kitchen.publishAsync("skein/v1/followers/kitchen/replies/leader", "truth", { qos: 1 });
    await messages.until("truth");
    expect(messages.heard.map(({ text }) => text)).toEqual(["truth"]);
    expect(kitchen.connected).toBe(true);
    expect(broker.stats()).toMatchObject({ refused: { publish: 10_001 }, stored: { retained: 0 } });
    await works();
  });

  it("answers a subscription that is not allowed with a failure", async () => {
    await start();
    const kitchen = await house.client("kitchen");
    await expect(kitchen.subscribeAsync("skein/v1/#", { qos: 1 })).rejects.toThrow();
    expect(refused()).toMatchObject({ subscribe: 1 });
  });

  it("hangs up on garbage and on whoever does not begin with CONNECT", async () => {
    await start();
    await throwAt(Buffer.from("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
    await throwAt(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x7f]));
    await throwAt(Buffer.alloc(5000, 0xa5));
    await throwAt(
      generate({ cmd: "publish", topic: "skein/v1/leader/status", payload: "x", qos: 0, dup: false, retain: false }),
    );
    await works();
    expect(refused().protocol + refused().oversized).toBe(4);
  });

  it("hangs up on a packet larger than allowed before it has come, and takes the largest message there is", async () => {
    await start();
    const leader = await house.client("leader");
    const messages = listen(leader);
    await leader.subscribeAsync("skein/v1/#", { qos: 1 });
    const kitchen = await house.client("kitchen");
    await kitchen.publishAsync("skein/v1/followers/kitchen/media/x", Buffer.alloc(256 * 1024, "a"), { qos: 1 });
    await messages.until("a".repeat(256 * 1024));
    const closed = new Promise<void>((resolve) => kitchen.once("close", () => resolve()));
    kitchen.publish("skein/v1/followers/kitchen/media/x", Buffer.alloc(400 * 1024), { qos: 1 });
    await closed;
    // 200 MB announced, a few bytes sent: it does not wait for the rest.
    await throwAt(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x64, 0, 4]));
    expect(refused().oversized).toBe(2);
    await works();
  });

  it("hangs up on whoever says nothing", async () => {
    await start({ limits: { connectTimeoutMs: 50 } });
    await throwAt();
    await works();
  });

  it("refuses connections that come too fast", async () => {
    await start({ limits: { connectionBurst: 5, connectionsPerS: 20 } });
    await Promise.all(Array.from({ length: 20 }, () => throwAt(Buffer.from("x"))));
    expect(refused().rate).toBeGreaterThanOrEqual(10);
    await wait(200);
    await works();
  });

  it("is not held up by a receiver that has frozen, and keeps for it what it must have", async () => {
    await start({ limits: { maxUnsentTelemetryBytes: 64 * 1024, maxUnsentBytes: 1024 * 1024 } });
    const session = { clean: false, clientId: "skein-leader-frozen" } as const;
    const prepared = await house.client("leader", session);
    await prepared.subscribeAsync("skein/v1/followers/#", { qos: 1 });
    await prepared.endAsync();
    const frozen = createConnection(broker.port, "127.0.0.1");
    frozen.on("error", () => undefined);
    frozen.write(
      generate({
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        keepalive: 0,
        username: "leader",
        password: Buffer.from(house.password("leader")),
        clean: false,
        clientId: session.clientId,
      }),
    );
    const awake = await house.client("leader");
    const messages = listen(awake);
    await awake.subscribeAsync("skein/v1/followers/#", { qos: 1 });
    const kitchen = await house.client("kitchen");
    const ballast = "x".repeat(100_000);
    for (let n = 0; n < 200; n++) {
      kitchen.publish("skein/v1/followers/kitchen/heartbeat", ballast);
      await kitchen.publishAsync("skein/v1/followers/kitchen/replies/leader", `${n} ${ballast}`, { qos: 1 });
    }
    await messages.until(`199 ${ballast}`);
    expect(refused().slow).toBe(1);
    expect(broker.stats().dropped.telemetry).toBeGreaterThan(0);
    frozen.destroy();
    const back = await house.client("leader", session);
    const late = listen(back);
    await late.until(`199 ${ballast}`);
    const numbers = late.heard.map(({ text }) => Number(text.split(" ")[0])).filter((n) => !Number.isNaN(n));
    expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 200 }, (_, n) => n)));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  it("sends a queue in its order to a connection that takes over a frozen one of the same client id", async () => {
    await start();
    const session = { clean: false, clientId: "skein-leader-2" } as const;
    const frozen = await house.client("leader", session);
    await frozen.subscribeAsync("skein/v1/followers/kitchen/#", { qos: 1 });
    frozen.stream.pause();
    const kitchen = await house.client("kitchen");
    const say = (n: number) => kitchen.publishAsync("skein/v1/followers/kitchen/replies/leader", String(n), { qos: 1 });
    for (let n = 0; n < 2000; n++) await say(n);
    let n = 2000;
    let over = false;
    const speaking = (async () => {
      while (!over) await say(n++);
    })();
    const back = await house.client("leader", session);
    const late = listen(back);
    await late.until("2100");
    over = true;
    await speaking;
    await late.until(String(n - 1));
    const numbers = late.heard.map(({ text }) => Number(text));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(n);
  });
});
