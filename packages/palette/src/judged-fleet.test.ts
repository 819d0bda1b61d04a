import { createBus, createTransport, memoryHub, type Bus } from "@skein/bus";
import { birth, heartbeat } from "@skein/contracts";
import { createIds, every, FakeClock, seededRandom, silentLogger } from "@skein/kit";
import { createJudgedFleet } from ".";

const bootId = "8b0a1c1e-7e0f-4f6e-9a39-1c1d8f0a2b3c";

/** A bus without a leader, and a Node-RED that judges by itself. */
function house(name: string) {
  const clock = new FakeClock();
  let seed = 1;
  const join = (id: string, as: "follower" | "none" = "none"): Bus => {
    const random = seededRandom(seed++);
    const transport = createTransport({ url: `memory:${name}`, clientId: `skein-${id}` }, { clock, random });
    return createBus({ id, transport, clock, random, ids: createIds(clock, random), presence: { as } });
  };
  /** A follower that beats every 5 s; the returned functions end it. */
  const follower = async (id: string) => {
    const bus = join(id, "follower");
    await clock.advance(10);
    const about = { name: id, bootId, host: {}, versions: { agent: "1" }, capabilities: [] };
    await bus.publish(birth, { id }, about);
    const stop = every(
      clock,
      5000,
      () => void bus.publish(heartbeat, { id }, { bootId, nextInMs: 5000, capabilities: {} }),
    );
    return {
      die: () => {
        stop();
        bus.kill();
      },
    };
  };
  const watch = () => {
    const fleet = createJudgedFleet(join("node-red"), { clock, random: seededRandom(99), logger: silentLogger });
    const edges: string[] = [];
    fleet.onTransition(({ id, verdict }, before) => edges.push(`${id} ${before?.state ?? "-"} -> ${verdict.state}`));
    return { fleet, edges };
  };
  return { clock, follower, watch };
}

describe("a fleet judged here", () => {
  it("takes whom it finds as given, and tells who dies from then on", async () => {
    const { clock, follower, watch } = house("judged-death");
    const cv = await follower("cv-1");
    await follower("cv-2");
    await clock.advance(20_000);
    const { fleet, edges } = watch();
    await clock.advance(30_000);
    expect(fleet.list().map(({ id, verdict }) => `${id} ${verdict.state}`)).toEqual(["cv-1 alive", "cv-2 alive"]);
    expect(edges).toEqual([]);
    cv.die();
    await clock.advance(20_000);
    expect(edges).toEqual(["cv-1 alive -> suspect", "cv-1 suspect -> dead"]);
    expect(fleet.verdict("cv-2")?.state).toBe("alive");
    await fleet.setMaintenance("cv-2", 60_000);
    expect(fleet.verdict("cv-2")?.state).toBe("maintenance");
    await expect(fleet.setMaintenance("nobody", 1)).rejects.toMatchObject({ code: "FOLLOWER_UNKNOWN" });
  });

  it("tells nothing of one that was dead before it began to listen", async () => {
    const { clock, follower, watch } = house("judged-long-dead");
    const cv = await follower("cv-1");
    await clock.advance(6_000);
    cv.die();
    await clock.advance(60_000);
    const { edges } = watch();
    await clock.advance(120_000);
    expect(edges).toEqual([]);
  });

  it("tells nothing when the bus was away and everybody is still there", async () => {
    const { clock, follower, watch } = house("judged-bus-down");
    await follower("cv-1");
    const { fleet, edges } = watch();
    await clock.advance(30_000);
    memoryHub("judged-bus-down").stop();
    await clock.advance(20_000);
    expect(fleet.judged).toBe(false);
    memoryHub("judged-bus-down").start();
    await clock.advance(30_000);
    expect(fleet.verdict("cv-1")?.state).toBe("alive");
    expect(edges).toEqual([]);
  });
});
