import { FakeClock, SkeinError, seededRandom } from "@skein/kit";
import type { Severity } from "@skein/contracts";
import type { Channel, Outgoing } from "./channels";
import { createDelivery, MAX_ATTEMPTS, type Delivery } from "./delivery";

const notice = (severity: Severity = "warning", id = "n"): Outgoing => ({
  id,
  at: 0,
  severity,
  text: "x",
  actions: [],
});
const HOUR = 3_600_000;

describe("the delivery of a notice", () => {
  let clock: FakeClock;
  let told: string[];
  let delivery: Delivery;
  /** A channel that fails as often as it is told to. */
  const channel = (more: Partial<Channel> & { fails?: number; code?: string } = {}) => {
    const { fails = 0, code = "NOTICE_UNREACHED", ...rest } = more;
    const tried: string[] = [];
    const made: Channel = {
      name: "post",
      passes: "",
      least: "info",
      send: async ({ id }) => {
        tried.push(id);
        if (tried.length <= fails) throw new SkeinError(code, `no ${tried.length}`);
      },
      ...rest,
    };
    return { tried, made };
  };
  const start = (...channels: Channel[]) => {
    delivery = createDelivery({
      clock,
      random: seededRandom(1),
      channels,
      onResult: (id, name, { ok, detail }, final) =>
        void told.push(`${id} ${name} ${ok ? "ok" : detail} ${final ? "final" : "again"}`),
    });
  };
  beforeEach(() => {
    clock = new FakeClock();
    told = [];
  });
  afterEach(() => delivery.close());

  it("is over when the channel has it", async () => {
    const { made, tried } = channel();
    start(made);
    expect(await delivery.send(notice())).toEqual({ post: { ok: true } });
    await clock.advance(HOUR);
    expect([tried, told]).toEqual([["n"], ["n post ok final"]]);
  });

  it("is tried again until it succeeds, and says so each time", async () => {
    const { made, tried } = channel({ fails: 2 });
    start(made);
    expect(await delivery.send(notice())).toEqual({ post: { ok: false, detail: "no 1" } });
    await clock.advance(HOUR);
    expect(tried).toHaveLength(3);
    expect(told).toEqual(["n post no 1 again", "n post no 2 again", "n post ok final"]);
  });

  it("is given up after so many attempts, within minutes", async () => {
    const { made, tried } = channel({ fails: Infinity });
    start(made);
    await delivery.send(notice());
    await clock.advance(10 * 60_000);
    expect(tried).toHaveLength(MAX_ATTEMPTS);
    expect(told.at(-1)).toBe(`n post no ${MAX_ATTEMPTS} final`);
    await clock.advance(HOUR);
    expect(tried).toHaveLength(MAX_ATTEMPTS);
  });

  it("is not tried again when the server said no for good", async () => {
    const { made, tried } = channel({ fails: 1, code: "NOTICE_REFUSED" });
    start(made);
    await delivery.send(notice());
    await clock.advance(HOUR);
    expect([tried, told]).toEqual([["n"], ["n post no 1 final"]]);
  });

  it("ends an attempt at a server that says nothing", async () => {
    const { made } = channel({
      send: (_notice, { signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    });
    start(made);
    const sent = delivery.send(notice());
    await clock.advance(10_000);
    expect(await sent).toEqual({ post: { ok: false, detail: "no answer within 10 s" } });
  });

  it("leaves out channels that are for worse, that have nobody to reach, or that have it already", async () => {
    const [all, alarms, empty] = [
      channel({ name: "all" }),
      channel({ name: "alarms", least: "alarm" }),
      channel({ hasReceivers: () => false }),
    ];
    start(all.made, alarms.made, empty.made);
    expect(await delivery.send(notice("warning"))).toEqual({ all: { ok: true } });
    expect(await delivery.send(notice("alarm"))).toEqual({ all: { ok: true }, alarms: { ok: true } });
    expect(await delivery.send(notice("alarm"), ["alarms"])).toEqual({ alarms: { ok: true } });
  });

  it("keeps no more waiting than it should, and lets go of all when core stops", async () => {
    const { made, tried } = channel({ fails: Infinity });
    start(made);
    for (let nth = 0; nth < 60; nth++) await delivery.send(notice("info", String(nth)));
    expect(told.filter((line) => line.endsWith("final"))).toHaveLength(10);
    delivery.close();
    await clock.advance(HOUR);
    expect(tried).toHaveLength(60);
  });
});
