import { FakeClock, silentLogger } from "@skein/kit";
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
    expect(asked).toHaveLength(PINGS_PER_S);
    await clock.advance(1_000);
    expect(asked.length).toBeLessThanOrEqual(2 * PINGS_PER_S);
    await clock.advance(1_100);
    expect(asked).toEqual(silent);
    pinger.stop();
  });
});
