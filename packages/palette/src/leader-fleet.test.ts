import { createBus, createTransport, memoryHub, type Bus } from "@skein/bus";
import { birth, maintenanceCommand, metrics, verdict, type VerdictData } from "@skein/contracts";
import { createIds, FakeClock, seededRandom, silentLogger } from "@skein/kit";
import { createLeaderFleet, type FleetMember } from ".";

/** A leader and a flow host on one memory bus, with time in our hands. */
function house(name: string) {
  const clock = new FakeClock();
  let seed = 1;
  const join = (id: string, epoch?: number): Bus => {
    const random = seededRandom(seed++);
    const transport = createTransport({ url: `memory:${name}`, clientId: `skein-${id}` }, { clock, random });
    const presence = epoch === undefined ? ({ as: "none" } as const) : ({ as: "leader", version: "1", epoch } as const);
    return createBus({ id, transport, clock, random, ids: createIds(clock, random), presence });
  };
  const flows = join("flow-host");
  const fleet = createLeaderFleet(flows, { clock, logger: silentLogger });
  const edges: string[] = [];
  fleet.onTransition(({ id, verdict }, before) => edges.push(`${id} ${before?.state ?? "-"} -> ${verdict.state}`));
  const say = async (
    leader: Bus,
    id: string,
    state: VerdictData["state"],
    epoch: number,
    previous?: VerdictData["state"],
  ) => {
    await clock.advance(1000);
    const data = {
      state,
      cause: "beat" as const,
      since: clock.now(),
      ...(previous ? { previous: { state: previous, cause: "beat" as const, since: 0 } } : {}),
    };
    await leader.publish(verdict, { id }, data, { epoch });
    await clock.advance(10);
  };
  return {
    clock,
    join,
    flows,
    fleet,
    edges,
    say,
    states: () => fleet.list().map((m: FleetMember) => `${m.id} ${m.verdict.state}`),
  };
}

describe("the fleet as the leader judges it", () => {
  it("is a picture without edges at first, and tells what happens from then on", async () => {
    const { clock, join, fleet, edges, say, states } = house("fleet-first");
    const leader = join("leader", 1);
    await clock.advance(10);
    await say(leader, "cv-1", "joining", 1);
    await say(leader, "cv-1", "alive", 1, "joining");
    await say(leader, "cv-1", "dead", 1, "alive");
    expect(edges).toEqual(["cv-1 - -> joining", "cv-1 joining -> alive", "cv-1 alive -> dead"]);
    expect(states()).toEqual(["cv-1 dead"]);
    expect(fleet.judged).toBe(true);
  });

  it("knows nobody's state while the leader is gone, and fires nothing when it is back and finds all as it was", async () => {
    const { clock, join, edges, say, states } = house("fleet-restart");
    const leader = join("leader", 1);
    await clock.advance(10);
    await say(leader, "cv-1", "alive", 1, "joining");
    leader.kill();
    await clock.advance(10);
    expect(states()).toEqual(["cv-1 unknown"]);
    const next = join("leader", 2);
    await clock.advance(10);
    // What the one before it said is not its word.
    expect(states()).toEqual(["cv-1 unknown"]);
    await say(next, "cv-1", "unknown", 2, "alive");
    await say(next, "cv-1", "alive", 2, "unknown");
    expect(states()).toEqual(["cv-1 alive"]);
    expect(edges).toEqual([]);
  });

  it("tells of a death that happened while there was no leader", async () => {
    const { clock, join, edges, say } = house("fleet-died-meanwhile");
    const leader = join("leader", 1);
    await clock.advance(10);
    await say(leader, "cv-1", "alive", 1, "joining");
    leader.kill();
    await clock.advance(10);
    const next = join("leader", 2);
    await say(next, "cv-1", "unknown", 2, "alive");
    await say(next, "cv-1", "dead", 2, "unknown");
    expect(edges).toEqual(["cv-1 alive -> dead"]);
  });

  it("says bus-down while the bus is away, and fires nothing when it is back", async () => {
    const { clock, join, fleet, edges, say, states } = house("fleet-bus-down");
    const leader = join("leader", 1);
    await clock.advance(10);
    await say(leader, "cv-1", "alive", 1, "joining");
    memoryHub("fleet-bus-down").stop();
    await clock.advance(10);
    expect(fleet.verdict("cv-1")).toMatchObject({ state: "unknown", cause: "bus-down" });
    memoryHub("fleet-bus-down").start();
    await clock.advance(3000);
    expect(states()).toEqual(["cv-1 alive"]);
    expect(edges).toEqual([]);
  });

  it("drops whom the leader forgets", async () => {
    const { clock, join, say, states } = house("fleet-forget");
    const leader = join("leader", 1);
    await clock.advance(10);
    await say(leader, "cv-1", "left", 1, "alive");
    await leader.publishRaw(verdict.topic({ id: "cv-1" }), new Uint8Array(), "state");
    await clock.advance(10);
    expect(states()).toEqual([]);
  });

  it("hands on names and metrics", async () => {
    const { clock, join, fleet, say } = house("fleet-metrics");
    const leader = join("leader", 1);
    const follower = join("cv-1");
    const heard: unknown[] = [];
    fleet.onMetrics((member, data, source) => heard.push([member.name, data.agent.rssBytes, source.from]));
    await clock.advance(10);
    await say(leader, "cv-1", "alive", 1);
    const bootId = "8b0a1c1e-7e0f-4f6e-9a39-1c1d8f0a2b3c";
    await follower.publish(
      birth,
      { id: "cv-1" },
      { name: "Hall", bootId, host: {}, versions: { agent: "1" }, capabilities: [] },
    );
    await follower.publish(metrics, { id: "cv-1" }, { agent: { rssBytes: 5, heapUsedBytes: 1, eventLoopLagMs: 0 } });
    await clock.advance(10);
    expect(heard).toEqual([["Hall", 5, "cv-1"]]);
  });

  it("asks the leader for maintenance, and says when there is none to ask", async () => {
    const { clock, join, fleet, say } = house("fleet-maintenance");
    await expect(fleet.setMaintenance("cv-1", 1000)).rejects.toMatchObject({ code: "LEADER_ABSENT" });
    const leader = join("leader", 1);
    const asked: unknown[] = [];
    await leader.serve(maintenanceCommand, {}, ({ data }) => {
      asked.push(data);
      if (data.follower !== "cv-1") throw Object.assign(new Error("who?"), { code: "FOLLOWER_UNKNOWN" });
    });
    await clock.advance(10);
    await say(leader, "cv-1", "alive", 1);
    const settled = Promise.allSettled([fleet.setMaintenance("cv-1", 1000), fleet.setMaintenance("cv-2", 0)]);
    await clock.advance(100);
    const [known, unknown] = await settled;
    expect(known.status).toBe("fulfilled");
    expect(unknown).toMatchObject({ reason: { code: "FOLLOWER_UNKNOWN" } });
    expect(asked).toMatchObject([
      { follower: "cv-1", forMs: 1000 },
      { follower: "cv-2", forMs: 0 },
    ]);
  });

  it("hands over what it knew to the view that follows it, so that a death in between is news and all else is not", async () => {
    const { clock, join, fleet, say } = house("fleet-legacy");
    const leader = join("leader", 1);
    await clock.advance(10);
    for (const id of ["cv-1", "cv-2"]) await say(leader, id, "alive", 1, "joining");
    const after = fleet.handOver();
    await fleet.close();
    await say(leader, "cv-1", "dead", 1, "alive");
    const next = createLeaderFleet(join("flow-host-2"), { clock, logger: silentLogger, after });
    const edges: string[] = [];
    next.onTransition(({ id, verdict: { state } }, before) => edges.push(`${id} ${before?.state ?? "-"} -> ${state}`));
    await clock.advance(1000);
    expect(edges).toEqual(["cv-1 alive -> dead"]);
    expect(next.lineage).toBe(fleet.lineage);
  });
});
