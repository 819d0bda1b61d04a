import type { Bus } from "@skein/bus";
import { heartbeat, metrics } from "@skein/contracts";
import { FakeClock, silentLogger, SkeinError, systemRandom } from "@skein/kit";
import { virtualHost } from "../../host/virtual-host";
import { virtualHostSettings } from "../../config";
import type { CapabilityParts } from "../capability";
import { health } from "./health";

describe("the health capability", () => {
  const bootId = "5d0c1ac4-6f67-4a2e-93c5-0c0f4c2b1a01";
  const clock = new FakeClock();
  const sent: { pattern: string; at: number; data: unknown }[] = [];
  let onLink: (state: { up: boolean }) => void = () => {};
  const bus = {
    onLink: (listener: typeof onLink) => {
      onLink = listener;
      listener({ up: true });
      return () => void (onLink = () => {});
    },
    stats: { dropped: { state: 0, telemetry: 2, event: 1, command: 0, media: 0 } },
    publish: (message: { pattern: string; schema: { parse(data: unknown): unknown } }, _: unknown, data: unknown) => {
      sent.push({ pattern: message.pattern, at: clock.monotonic(), data: message.schema.parse(data) });
      return Promise.resolve({});
    },
  } as unknown as Bus;
  const parts: CapabilityParts = {
    id: "eye",
    bus,
    clock,
    random: systemRandom,
    logger: silentLogger,
    members: undefined,
    host: virtualHost(virtualHostSettings.parse({ bootId, cores: 2 }), clock),
    conditions: () => ({ health: "ok" }),
    onSwitched: () => () => {},
  };
  const times = (pattern: string) => sent.filter((message) => message.pattern === pattern).map(({ at }) => at);
  const settings = (given: object = {}) => health.settings.parse(given);

  beforeEach(() => sent.splice(0));

  it("beats on a fixed grid from its start, says when the next is due, and reports its host", async () => {
    const from = clock.monotonic();
    const running = health.start(parts, settings());
    await clock.advance(20_000);
    expect(times(heartbeat.pattern)).toEqual([0, 5000, 10_000, 15_000, 20_000].map((at) => from + at));
    expect(times(metrics.pattern)).toEqual([1000, 10_000, 20_000].map((at) => from + at));
    expect(sent[0]?.data).toEqual({ bootId, nextInMs: 5000, capabilities: { health: "ok" } });
    expect(sent.findLast(({ pattern }) => pattern === metrics.pattern)?.data).toMatchObject({ agent: { dropped: 3 } });
    await running.stop();
    await clock.advance(20_000);
    expect(times(heartbeat.pattern)).toHaveLength(5);
  });

  it("beats at once at every connection, beside its grid", async () => {
    const running = health.start(parts, settings());
    await clock.advance(7000);
    sent.splice(0);
    const from = clock.monotonic();
    onLink({ up: false });
    onLink({ up: true });
    await clock.advance(8000);
    expect(times(heartbeat.pattern)).toEqual([0, 3000, 8000].map((at) => from + at));
    expect(times(metrics.pattern)).toEqual([1000, 3000].map((at) => from + at));
    await running.stop();
  });

  it("beats at once and then on the new grid when its settings change", async () => {
    const running = health.start(parts, settings());
    await clock.advance(7000);
    sent.splice(0);
    const from = clock.monotonic();
    running.apply(settings({ heartbeatMs: 1000 }));
    await clock.advance(2000);
    expect(times(heartbeat.pattern)).toEqual([0, 1000, 2000].map((at) => from + at));
    expect(sent[0]?.data).toMatchObject({ nextInMs: 1000 });
    await running.stop();
  });

  it("is degraded while its host cannot be read, and beats on", async () => {
    const broken = { ...parts, host: { ...parts.host, read: () => Promise.reject(new Error("no /proc")) } };
    const running = health.start(broken, settings());
    await clock.advance(6000);
    expect(running.condition()).toBe("degraded");
    expect(times(heartbeat.pattern)).toHaveLength(2);
    expect(times(metrics.pattern)).toHaveLength(0);
    await running.stop();
  });

  it("is degraded when its figures do not fit what was agreed, and not when the bus is away", async () => {
    for (const [code, condition] of [
      ["MESSAGE_TOO_LARGE", "degraded"],
      ["BUS_DOWN", "ok"],
    ] as const) {
      const refusing = { ...bus, publish: () => Promise.reject(new SkeinError(code, "no")) } as unknown as Bus;
      const running = health.start({ ...parts, bus: refusing }, settings());
      await clock.advance(6000);
      expect(running.condition()).toBe(condition);
      await running.stop();
    }
  });

  it("is degraded while a reading of its host is overdue, and well again when that comes", async () => {
    let answer = (): void => {};
    const hung = new Promise<void>((resolve) => (answer = resolve));
    const hanging = { ...parts, host: { ...parts.host, read: () => hung.then(() => parts.host.read()) } };
    const running = health.start(hanging, settings());
    await clock.advance(3000);
    expect(running.condition()).toBe("ok");
    await clock.advance(4000);
    expect(running.condition()).toBe("degraded");
    expect(times(heartbeat.pattern)).toHaveLength(2);
    answer();
    await clock.advance(100);
    expect(running.condition()).toBe("ok");
    expect(times(metrics.pattern)).toHaveLength(1);
    await running.stop();
  });
});
