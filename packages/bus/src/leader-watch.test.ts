import { agentCommand, leaderClock, leaderStatus, maintenanceCommand } from "@skein/contracts";
import { createIds, FakeClock, seededRandom } from "@skein/kit";
import { type Bus, createBus, createTransport, memoryHub } from "./index";

const HOUR = 3_600_000;
let serial = 0;

/** A leader and a follower, each with a wall clock of its own, on one hub. */
async function setUp() {
  const name = `leader-watch-${++serial}`;
  const clocks = { leader: new FakeClock(), f: new FakeClock(Date.UTC(2020, 0, 1)) };
  const join = (id: "leader" | "f"): Bus => {
    const clock = clocks[id];
    const random = seededRandom(serial);
    const transport = createTransport({ url: `memory:${name}`, clientId: `skein-${id}` }, { clock, random });
    const presence =
      id === "leader" ? ({ as: "leader", version: "1", epoch: 4 } as const) : ({ as: "follower" } as const);
    return createBus({ id, transport, clock, random, ids: createIds(clock, random), presence });
  };
  const [leader, follower] = [join("leader"), join("f")];
  const advance = async (ms: number) => {
    await clocks.leader.advance(ms);
    await clocks.f.advance(ms);
  };
  await advance(0);
  const tick = async () => {
    await leader.publish(leaderClock, {}, { nextInMs: 10_000 });
    await advance(0);
  };
  return { leader, follower, clocks, advance, tick, hub: memoryHub(name) };
}

test("the leader's time is not known before its first tick, and is then", async () => {
  const { follower, clocks, advance, tick } = await setUp();
  expect(follower.leaderNow()).toBeUndefined();
  await tick();
  await advance(5000);
  expect(follower.leaderNow()).toBe(clocks.leader.now());
});

test("a step of the follower's own clock is doubted until the next tick; one of the leader's is followed", async () => {
  const { follower, clocks, advance, tick } = await setUp();
  await tick();
  clocks.f.stepWall(-HOUR);
  await advance(1000);
  expect(follower.leaderNow()).toBeUndefined();
  await tick();
  expect(follower.leaderNow()).toBe(clocks.leader.now());
  clocks.leader.stepWall(HOUR);
  await tick();
  expect(follower.leaderNow()).toBe(clocks.leader.now());
  clocks.leader.stepWall(-HOUR);
  await tick();
  expect(follower.leaderNow()).toBe(clocks.leader.now());
});

test("a tick that was late on its way does not put the clock back", async () => {
  const { leader, follower, clocks, advance, tick } = await setUp();
  await tick();
  // The leader says the next when it is due, and it takes 8 s to arrive.
  await advance(10_000);
  const at = clocks.leader.now();
  await advance(8000);
  const text = JSON.stringify({
    id: "t",
    at,
    from: "leader",
    run: "r",
    session: "s",
    seq: 9,
    data: { nextInMs: 10_000 },
  });
  await leader.publishRaw(leaderClock.topic({}), Buffer.from(text), "telemetry");
  await advance(0);
  expect(follower.leaderNow()).toBe(clocks.leader.now());
});

test("a command that waited while the follower's host was suspended is not carried out", async () => {
  const { leader, follower, clocks, advance, tick, hub } = await setUp();
  await tick();
  let done = 0;
  await follower.serve(agentCommand, {}, () => void done++);
  // Its monotonic clock stands still meanwhile, and its connection is half open.
  const asleep = hub.halfOpen("skein-f");
  const asked = leader.request(agentCommand, { target: "f" }, { action: "restart" }, { timeoutMs: 5000 });
  const answer = expect(asked).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
  await clocks.leader.advance(HOUR);
  await answer;
  clocks.f.stepWall(HOUR);
  asleep();
  await advance(20_000);
  await tick();
  await advance(10_000);
  expect(done).toBe(0);
  expect(leader.link.up && follower.link.up).toBe(true);
});

test("a follower's request bears the leader's epoch and its deadline in the leader's time", async () => {
  const { leader, follower, clocks, advance, tick } = await setUp();
  const seen: unknown[] = [];
  await follower.subscribe(leaderStatus, {}, ({ envelope }) => seen.push(envelope.epoch));
  await tick();
  await leader.subscribe(maintenanceCommand, {}, ({ envelope }) => seen.push([envelope.epoch, envelope.command]));
  follower.request(maintenanceCommand, {}, { follower: "f" }, { timeoutMs: 1000 }).catch(() => undefined);
  await advance(0);
  expect(seen).toEqual([4, [4, { ttlMs: 1000, expiresAt: clocks.leader.now() + 1000 }]]);
  await follower.close();
});
