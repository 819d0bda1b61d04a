import { type Bus, createBus, createTransport, memoryHub } from "@skein/bus";
import {
  agentCommand,
  type AnyMessage,
  birth,
  followerReply,
  heartbeat,
  metrics,
  type VerdictData,
} from "@skein/contracts";
import { type Clock, createIds, FakeClock, seededRandom, SkeinError } from "@skein/kit";
import { type FleetWatch, type FleetWatchOptions, watchFleet } from "./index";

const bootId = "0190a5a4-4f6b-7c3e-8b7e-0123456789ab";
let hubs = 0;

/** A leader and followers over a hub of their own, on a clock that the test moves; `nap` stalls the leader's process alone. */
class House {
  readonly clock = new FakeClock();
  readonly hub = `fleet-${++hubs}`;
  readonly log: string[] = [];
  readonly buses: Bus[] = [];
  watch!: FleetWatch;
  private asleepMs = 0;
  private started = 0;
  private seeds = 0;

  readonly leaderClock: Clock = {
    now: () => this.clock.now(),
    monotonic: () => this.clock.monotonic() + this.asleepMs,
    setTimer: (callback, ms) => this.clock.setTimer(callback, ms),
  };

  bus(id: string, as: "follower" | "leader" | "none"): Bus {
    const random = seededRandom(++this.seeds);
    const transport = createTransport(
      { url: `memory:${this.hub}`, clientId: `skein-${id}` },
      { clock: this.clock, random },
    );
    const presence = as === "leader" ? ({ as, version: "1", epoch: 1 } as const) : ({ as } as const);
    const bus = createBus({ id, transport, clock: this.clock, random, ids: createIds(this.clock, random), presence });
    this.buses.push(bus);
    return bus;
  }

  async lead(options: Partial<FleetWatchOptions> = {}): Promise<this> {
    this.buses.find(({ id }) => id === "leader")?.kill();
    const bus = this.bus("leader", "leader");
    await this.clock.advance(1);
    this.watch = await watchFleet({ bus, clock: this.leaderClock, ...options });
    this.started = this.clock.monotonic();
    this.watch.onVerdict(({ id, verdict }, before) => {
      const s = Math.round((this.clock.monotonic() - this.started) / 100) / 10;
      this.log.push(`${s} ${id} ${before?.state ?? "-"} > ${verdict.state} ${verdict.cause}`);
    });
    return this;
  }

  /** A follower that beats every 5 s until its bus is killed or it is told to `stop`. */
  async follower(id: string, options: { beats?: number; via?: string; answers?: boolean; everyMs?: number } = {}) {
    const bus = this.bus(id, "follower");
    await this.clock.advance(1);
    if (options.answers !== false) await bus.serve(agentCommand, {}, () => undefined);
    const { via, everyMs = 5000 } = options;
    await bus.publish(
      birth,
      { id },
      { name: id, bootId, host: {}, versions: { agent: "1" }, capabilities: [], ...(via && { via }) },
    );
    let left = options.beats ?? Infinity;
    let on = true;
    const beat = () => {
      if (!on || left-- <= 0) return;
      void bus.publish(heartbeat, { id }, { bootId, nextInMs: everyMs, capabilities: {} });
      this.clock.setTimer(beat, everyMs);
    };
    beat();
    await this.clock.advance(1);
    const stop = () => void (on = false);
    return { bus, stop, die: () => (stop(), bus.kill()) };
  }

  seconds = (s: number) => this.clock.advance(s * 1000);
  nap = (s: number) => void (this.asleepMs += s * 1000);

  async close(): Promise<void> {
    await this.watch.close();
    await Promise.all(this.buses.map(async (bus) => bus.kill()));
  }
}

describe("watchFleet", () => {
  let house: House;
  beforeEach(() => void (house = new House()));
  afterEach(() => house.close());

  it("sees a follower come, beat, lose its connection and die", async () => {
    await house.lead();
    const f1 = await house.follower("f1");
    await house.seconds(11);
    f1.die();
    await house.seconds(60);
    expect(house.log).toEqual([
      "0 f1 - > joining first-seen",
      "0 f1 joining > alive first-seen",
      "11.2 f1 alive > suspect will",
      "14 f1 suspect > dead will",
    ]);
    expect(house.watch.get("f1")).toMatchObject({
      id: "f1",
      birth: { name: "f1" },
      beatsReceived: 3,
      beatsMissed: 0,
      heartbeat: { nextInMs: 5000 },
    });
  });

  it("calls one dead by silence that no ping reaches, before 15 s", async () => {
    await house.lead();
    const f1 = await house.follower("f1", { answers: false });
    f1.stop();
    await house.seconds(60);
    expect(house.log.slice(2)).toEqual(["7.5 f1 alive > suspect silence", "14.5 f1 suspect > dead silence"]);
  });

  it("keeps one alive that only answers pings", async () => {
    await house.lead();
    const f1 = await house.follower("f1");
    f1.stop();
    await house.seconds(300);
    expect(house.log.filter((line) => line.includes("suspect") || line.includes("dead"))).toEqual([]);
  });

  it("does not ask when it is told not to", async () => {
    await house.lead({ ping: false });
    const f1 = await house.follower("f1");
    f1.stop();
    await house.seconds(20);
    expect(house.log.at(-1)).toBe("14.5 f1 suspect > dead silence");
  });

  it("doubts itself after it was stalled for 20 s, and nobody dies", async () => {
    await house.lead();
    await house.follower("f1");
    await house.seconds(12);
    house.nap(20);
    await house.seconds(30);
    expect(house.log.slice(2)).toEqual(["12 f1 alive > unknown observer-late", "15 f1 unknown > alive beat"]);
    expect(house.watch.get("f1")?.verdict).toMatchObject({ state: "alive", since: Date.UTC(2026, 0, 1) + 2 });
  });

  it("takes small stalls off silence without a word", async () => {
    await house.lead({ ping: false });
    const f1 = await house.follower("f1");
    await house.seconds(5);
    f1.stop();
    await house.seconds(1);
    house.nap(1.5);
    await house.seconds(30);
    // Silence from 5 s on; the stalled 1.5 s stand on the leader's clock only, so the house's own clock shows no difference.
    expect(house.log.slice(2)).toEqual(["12.5 f1 alive > suspect silence", "19.5 f1 suspect > dead silence"]);
  });

  it("knows nothing while the bus is down, and nobody dies", async () => {
    await house.lead();
    await house.follower("f1");
    await house.seconds(6);
    memoryHub(house.hub).stop({ wills: true });
    await house.seconds(600);
    expect(house.log.slice(2)).toEqual(["6 f1 alive > unknown bus-down"]);
    memoryHub(house.hub).start();
    await house.seconds(60);
    expect(house.log).toHaveLength(4);
    expect(house.log.at(-1)).toMatch(/f1 unknown > alive reconnect/);
  });

  it("starts what it remembers as unknown, without an edge, and finds it as it was", async () => {
    const verdict: VerdictData = { state: "alive", cause: "reboot", since: 7, virtual: false };
    await house.lead({
      remembered: [
        { id: "f1", verdict },
        { id: "f2", verdict: { ...verdict, state: "dead", cause: "will" } },
      ],
    });
    expect(house.log).toEqual([]);
    expect(house.watch.list().map(({ id, verdict: { state } }) => `${id} ${state}`)).toEqual([
      "f1 unknown",
      "f2 unknown",
    ]);
    await house.follower("f1");
    await house.seconds(60);
    expect(house.log).toEqual(["0 f1 unknown > alive beat", "34.5 f2 unknown > dead will"]);
    expect(house.watch.get("f1")?.verdict.since).toBe(7);
  });

  it("remembers how slowly one beats, over a restart of its own", async () => {
    await house.lead();
    const f1 = await house.follower("f1", { everyMs: 60_000 });
    const [before] = house.watch.list();
    expect(before?.beatMs).toBe(60_000);
    await house.watch.close();
    house.log.length = 0;
    await house.lead({ remembered: before ? [before] : [] });
    await house.seconds(200);
    expect(house.log).toEqual([expect.stringMatching(/f1 unknown > alive/)]);
    f1.stop();
  });

  it("does not take a mere reply for a follower", async () => {
    await house.lead();
    const tool = house.bus("virtual-home", "none");
    await house.seconds(1);
    await tool.publish(
      followerReply,
      { id: "virtual-home", issuer: "leader" },
      { command: "c1", outcome: { ok: true } },
    );
    await house.seconds(1);
    expect(house.watch.list()).toEqual([]);
  });

  it("says left when one said goodbye", async () => {
    await house.lead();
    const f1 = await house.follower("f1");
    f1.stop();
    await f1.bus.close();
    await house.seconds(60);
    expect(house.log.slice(2)).toEqual(["0 f1 alive > left clean-stop"]);
  });

  it("does not judge in maintenance, and forgets only what is gone", async () => {
    await house.lead();
    const f1 = await house.follower("f1");
    expect(() => house.watch.setMaintenance("f9", 1000)).toThrow(expect.objectContaining({ code: "FOLLOWER_UNKNOWN" }));
    expect(() => house.watch.forget("f1")).toThrow(expect.objectContaining({ code: "FOLLOWER_ALIVE" }));
    house.watch.setMaintenance("f1", 60_000);
    f1.die();
    await house.seconds(50);
    expect(house.log.slice(2)).toEqual(["0 f1 alive > maintenance request"]);
    house.watch.forget("f1");
    expect(house.watch.list()).toEqual([]);
  });

  it("cannot hear those behind a dead bridge, and says so of them", async () => {
    await house.lead();
    const gate = await house.follower("gate");
    const hub = await house.follower("hub", { via: "gate" });
    await house.seconds(1);
    gate.die();
    hub.stop();
    await house.seconds(60);
    const ends = house.log.filter((line) => /dead|gateway/.test(line)).map((line) => line.slice(line.indexOf(" ") + 1));
    expect(ends).toEqual(["gate suspect > dead will", "hub alive > unknown gateway-lost"]);
  });

  it("hands on beats and metrics, and outlives a listener that throws", async () => {
    await house.lead();
    const beats: string[] = [];
    house.watch.onBeat(() => {
      throw new Error("not mine");
    });
    house.watch.onBeat((id) => beats.push(id));
    house.watch.onMetrics((id, { data }) => beats.push(`${id} ${data.temperatureC}`));
    const f1 = await house.follower("f1");
    await f1.bus.publish(
      metrics,
      { id: "f1" },
      { temperatureC: 41, agent: { rssBytes: 1, heapUsedBytes: 1, eventLoopLagMs: 0 } },
    );
    await house.seconds(1);
    expect(beats).toEqual(["f1", "f1 41"]);
    expect(house.watch.get("f1")?.metrics?.temperatureC).toBe(41);
  });

  it("judges by beats where it may not hear all else, and ends wholly where it may not hear those", async () => {
    const bus = house.bus("watcher", "none");
    await house.clock.advance(1);
    const without = (forbidden: AnyMessage): Bus =>
      Object.create(bus, {
        subscribe: {
          value: (message: AnyMessage, ...rest: [never, never]) =>
            message === forbidden
              ? Promise.reject(new SkeinError("BUS_REFUSED", "no"))
              : bus.subscribe(message, ...rest),
        },
      }) as Bus;
    const f1 = await house.follower("f1");
    house.watch = await watchFleet({ bus: without(followerReply), clock: house.clock });
    await house.seconds(6);
    expect(house.watch.get("f1")?.verdict.state).toBe("alive");
    await house.watch.close();

    const timers = jest.spyOn(house.clock, "setTimer");
    await expect(watchFleet({ bus: without(metrics), clock: house.clock })).rejects.toMatchObject({
      code: "BUS_REFUSED",
    });
    f1.die();
    timers.mockClear();
    await house.seconds(60);
    expect(timers).not.toHaveBeenCalled();
  });
});
