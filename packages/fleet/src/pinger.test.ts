import { createBus, createTransport } from "@skein/bus";
import { createIds, FakeClock, seededRandom, silentLogger } from "@skein/kit";
import { PINGS_PER_S, Pinger } from "./pinger";

describe("pings", () => {
  it("reach everybody when more than the rate fall silent together, a second's worth a second, and each once", async () => {
    const clock = new FakeClock();
    const asked: string[] = [];
    const request = (_command: unknown, ids: { target?: string }) => {
      asked.push(ids.target ?? "");
      return Promise.resolve({ ok: true as const });
    };
    const pinger = new Pinger({ request: request as never }, silentLogger, clock, () => {});
    const silent = Array.from({ length: 3 * PINGS_PER_S }, (_, n) => `f-${n}`);
    for (const id of silent) pinger.ping(id, 1_000);
    for (const id of silent.slice(-10)) pinger.ping(id, 1_000);
    await clock.advance(1_000);
    expect(asked.length).toBeLessThanOrEqual(1.2 * PINGS_PER_S);
    await clock.advance(2_000);
    expect(asked).toEqual(silent);
    pinger.stop();
  });

  it("push nobody else's commands out of the bus, and are not pushed out themselves", async () => {
    const clock = new FakeClock();
    const random = seededRandom(1);
    const bus = createBus({
      id: "leader",
      clock,
      random,
      ids: createIds(clock, random),
      transport: createTransport({ url: "memory:pinger", clientId: "skein-leader" }, { clock, random }),
      presence: { as: "leader", version: "1", epoch: 1 },
    });
    await clock.advance(0);
    const pinger = new Pinger(bus, silentLogger, clock, () => {});
    for (let n = 0; n < PINGS_PER_S; n++) pinger.ping(`f-${n}`, 60_000);
    await clock.advance(2_000);
    expect(bus.stats.dropped.command).toBe(0);
    expect(bus.stats.sent).toBeGreaterThan(PINGS_PER_S);
    pinger.stop();
    await bus.close();
  });
});
