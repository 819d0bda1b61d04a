import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { FakeClock, silentLogger } from "@skein/kit";
import { eventually } from "../../../test/support/eventually";
import { type Broker, startBroker } from "./broker";
import { type House, createHouse, listen } from "./testing-house";

describe("The house's own broker", () => {
  let house: House;
  let broker: Broker | undefined;

  const start = async (options: Partial<Parameters<typeof startBroker>[0]> = {}): Promise<void> => {
    broker = await startBroker({ port: 0, dataDir: house.dataDir, usersFile: house.usersFile, ...options });
    house.port = broker.port;
  };

  beforeEach(async () => {
    house = createHouse();
    await start();
  });
  afterEach(() => house.close(broker));

  it("hands out what is published and replays what is kept", async () => {
    const kitchen = await house.client("kitchen");
    await kitchen.publishAsync("skein/v1/followers/kitchen/presence", "online", { qos: 1, retain: true });
    const leader = await house.client("leader");
    const heard = listen(leader);
    await leader.subscribeAsync("skein/v1/followers/+/#", { qos: 1 });
    await heard.until("online");
    await kitchen.publishAsync("skein/v1/followers/kitchen/heartbeat", "beat");
    await heard.until("beat");
    expect(heard.heard).toMatchObject([
      { topic: "skein/v1/followers/kitchen/presence", retain: true },
      { topic: "skein/v1/followers/kitchen/heartbeat", retain: false },
    ]);
  });

  it("keeps states, and messages for a persistent session that is away, in order over a restart", async () => {
    const session = { clean: false } as const;
    const leader = await house.client("leader", session);
    await leader.subscribeAsync("skein/v1/followers/#", { qos: 1 });
    await leader.endAsync();
    const kitchen = await house.client("kitchen");
    await kitchen.publishAsync("skein/v1/followers/kitchen/presence", "online", { qos: 1, retain: true });
    for (let n = 1; n <= 20; n++)
      await kitchen.publishAsync("skein/v1/followers/kitchen/replies/leader", `before ${n}`, { qos: 1 });
    await broker?.close();
    await start();
    const again = await house.client("kitchen");
    for (let n = 1; n <= 20; n++)
      await again.publishAsync("skein/v1/followers/kitchen/replies/leader", `after ${n}`, { qos: 1 });
    const back = await house.client("leader", session);
    const heard = listen(back);
    await heard.until("after 20");
    const numbers = Array.from({ length: 20 }, (_, n) => n + 1);
    expect(heard.heard.map(({ text }) => text)).toEqual([
      "online",
      ...numbers.map((n) => `before ${n}`),
      ...numbers.map((n) => `after ${n}`),
    ]);
    const late = await house.client("flow-host");
    const kept = listen(late);
    await late.subscribeAsync("skein/v1/#", { qos: 1 });
    await kept.until("online");
    expect(kept.heard).toMatchObject([{ topic: "skein/v1/followers/kitchen/presence", retain: true }]);
  });

  it("publishes the will of a connection that dies, and none when the broker itself stops", async () => {
    const will = {
      topic: "skein/v1/followers/kitchen/presence",
      payload: Buffer.from("lost"),
      qos: 1,
      retain: true,
    } as const;
    const leader = await house.client("leader");
    const heard = listen(leader);
    await leader.subscribeAsync("skein/v1/followers/+/presence", { qos: 1 });
    const kitchen = await house.client("kitchen", { will });
    kitchen.stream.destroy();
    await heard.until("lost");
    const back = await house.client("kitchen", { will });
    await back.publishAsync(will.topic, "online", { qos: 1, retain: true });
    await heard.until("online");
    await broker?.close();
    await start();
    const late = await house.client("leader", { clientId: "skein-leader-2" });
    const kept = listen(late);
    await late.subscribeAsync("skein/v1/followers/+/presence", { qos: 1 });
    await kept.until("online");
    await wait(100);
    expect(kept.heard.map(({ text }) => text)).toEqual(["online"]);
  });

  it("says which port is in use", async () => {
    const other = startBroker({ port: house.port, dataDir: `${house.dataDir}-2`, usersFile: house.usersFile });
    await expect(other).rejects.toMatchObject({
      code: "PORT_IN_USE",
      message: expect.stringContaining(String(house.port)) as string,
    });
  });

  it("says that its store is in use when a second broker wants it", async () => {
    const other = startBroker({ port: 0, dataDir: house.dataDir, usersFile: house.usersFile });
    await expect(other).rejects.toMatchObject({ code: "BUS_STORE_UNUSABLE" });
  });

  it("forgets a session that nobody comes back to, over restarts, and none that is connected", async () => {
    await broker?.close();
    const clock = new FakeClock();
    const limits = { sessionMs: 2 * 3_600_000 };
    await start({ clock, limits });
    const leader = await house.client("leader", { clean: false });
    await leader.subscribeAsync("skein/v1/followers/#", { qos: 1 });
    await leader.endAsync();
    await clock.advance(1.5 * 3_600_000);
    await broker?.close();
    await start({ clock, limits });
    const kitchen = await house.client("kitchen", { clean: false });
    await kitchen.subscribeAsync("skein/v1/leader/#", { qos: 1 });
    expect(broker?.stats().stored.sessions).toBe(2);
    await clock.advance(3 * 3_600_000);
    await eventually(() => expect(broker?.stats().stored.sessions).toBe(1));
    expect(kitchen.connected).toBe(true);
    const back = await house.client("leader", { clean: false });
    const heard = listen(back);
    await kitchen.publishAsync("skein/v1/followers/kitchen/replies/leader", "for nobody", { qos: 1 });
    await back.subscribeAsync("skein/v1/followers/#", { qos: 1 });
    await kitchen.publishAsync("skein/v1/followers/kitchen/replies/leader", "again", { qos: 1 });
    await heard.until("again");
    expect(heard.heard.map(({ text }) => text)).toEqual(["again"]);
  });

  it("has nothing on its disk within the hour, or at its next start, of what was said and taken back", async () => {
    await broker?.close();
    const clock = new FakeClock();
    await start({ clock });
    const store = join(house.dataDir, "store");
    const onDisk = (text: string) =>
      readdirSync(store).filter((name) => readFileSync(join(store, name)).includes(text));
    const leader = await house.client("leader");
    const say = (text: string) => leader.publishAsync("skein/v1/leader/house", text, { qos: 1, retain: true });
    await say("Wolkenstein lives here");
    // Files come and go while the store tidies itself at its start.
    await eventually(() => expect(onDisk("Wolkenstein")).not.toEqual([]));
    await say("nobody lives here");
    await clock.advance(3_600_000);
    await eventually(() => expect(onDisk("Wolkenstein")).toEqual([]));
    await eventually(() => expect(onDisk("nobody lives")).not.toEqual([]));

    await say("Blaufelder lives here");
    await eventually(() => expect(onDisk("Blaufelder")).not.toEqual([]));
    await say("");
    await broker?.close();
    await start({ clock });
    await eventually(() => expect(onDisk("Blaufelder")).toEqual([]));
  });

  it("keeps no more bytes for one session than it may: the oldest messages go", async () => {
    await broker?.close();
    const limits = { maxQueuedBytes: 20_000 };
    await start({ limits });
    const leader = await house.client("leader", { clean: false });
    await leader.subscribeAsync("skein/v1/followers/#", { qos: 1 });
    await leader.endAsync();
    const send = async (from: number): Promise<void> => {
      const kitchen = await house.client("kitchen");
      for (let n = from; n < from + 10; n++)
        await kitchen.publishAsync("skein/v1/followers/kitchen/replies/leader", `${n} ${"x".repeat(3000)}`, { qos: 1 });
    };
    await send(0);
    await broker?.close();
    await start({ limits });
    await send(10);
    expect(broker?.stats().dropped.queued).toBeGreaterThan(5);
    const back = await house.client("leader", { clean: false });
    const heard = listen(back);
    await heard.until(`19 ${"x".repeat(3000)}`);
    const numbers = heard.heard.map(({ text }) => Number(text.split(" ")[0]));
    expect(numbers).toEqual([14, 15, 16, 17, 18, 19]);
  });

  it("warns of a wrong password, and not of a client that tries MQTT 5 first", async () => {
    await broker?.close();
    const said: object[] = [];
    const logger = Object.create(silentLogger, {
      warn: { value: (line: object) => said.push({ level: "warn", ...line }) },
      debug: { value: (line: object) => said.push({ level: "debug", ...line }) },
    }) as typeof silentLogger;
    await start({ logger });
    await expect(house.client("kitchen", { protocolVersion: 5 })).rejects.toThrow();
    await expect(house.client("kitchen", { password: "wrong" })).rejects.toThrow();
    expect(said).toMatchObject([
      { level: "debug", reason: "protocol", who: "unacceptable protocol version" },
      { level: "warn", reason: "login" },
    ]);
  });
});
