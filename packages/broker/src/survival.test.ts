/** What a broker that was killed still knows. Runs the built program (`dist/main.js`), since only a process can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { type House, createHouse, listen } from "./testing-house";

describe("A broker that is killed", () => {
  let house: House;
  let broker: ChildProcess;

  const start = async (): Promise<void> => {
    const main = resolve(__dirname, "../dist/main.js");
    broker = spawn(process.execPath, [main, "--data-dir", house.dataDir, "--users", house.usersFile], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(broker.stdout as NodeJS.ReadableStream), "line")) as [string];
    house.port = (JSON.parse(line) as { port: number }).port;
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(broker, "exit");
    broker.kill(signal);
    await ended;
  };

  beforeEach(async () => {
    house = createHouse();
    await start();
  });
  afterEach(async () => {
    broker.kill("SIGKILL");
    await house.close();
  });

  it.each(["SIGKILL", "SIGTERM"] as const)(
    "by %s has every acknowledged state and event when it is back, in order, and says no will",
    async (signal) => {
      const session = { clean: false } as const;
      const leader = await house.client("leader", session);
      await leader.subscribeAsync("skein/v1/followers/#", { qos: 1 });
      await leader.endAsync();
      const topic = "skein/v1/followers/kitchen/presence";
      const kitchen = await house.client("kitchen", {
        will: { topic, payload: Buffer.from("lost"), qos: 1, retain: true },
      });
      await kitchen.publishAsync(topic, "online", { qos: 1, retain: true });
      const numbers = Array.from({ length: 200 }, (_, n) => String(n));
      await Promise.all(
        numbers.map((n) => kitchen.publishAsync("skein/v1/followers/kitchen/replies/leader", n, { qos: 1 })),
      );
      await end(signal);
      await start();
      const back = await house.client("leader", session);
      const waited = listen(back);
      await waited.until("199");
      expect(waited.heard.map(({ text }) => text)).toEqual(["online", ...numbers]);
      const newcomer = await house.client("flow-host");
      const kept = listen(newcomer);
      await newcomer.subscribeAsync(topic, { qos: 1 });
      await kept.until("online");
      await wait(100);
      expect(kept.heard).toEqual([{ topic, text: "online", retain: true }]);
      expect(waited.heard.some(({ text }) => text === "lost")).toBe(false);
    },
  );

  it("ends by SIGTERM with success, clients or not", async () => {
    await house.client("kitchen");
    await end("SIGTERM");
    expect(broker.exitCode).toBe(0);
  });

  it("does not send again what its receiver has acknowledged", async () => {
    const leader = await house.client("leader", { clean: false });
    const messages = listen(leader);
    await leader.subscribeAsync("skein/v1/followers/#", { qos: 1 });
    const kitchen = await house.client("kitchen");
    await kitchen.publishAsync("skein/v1/followers/kitchen/replies/leader", "once", { qos: 1 });
    await messages.until("once");
    // Answered after the acknowledgement before it has been taken in: what is still in a socket cannot be known.
    await leader.subscribeAsync("skein/v1/flows/#", { qos: 1 });
    await leader.endAsync();
    await end("SIGKILL");
    await start();
    const again = await house.client("leader", { clean: false });
    const later = listen(again);
    const next = await house.client("kitchen");
    await next.publishAsync("skein/v1/followers/kitchen/replies/leader", "twice", { qos: 1 });
    await later.until("twice");
    expect(later.heard.map(({ text }) => text)).toEqual(["twice"]);
  });
});
