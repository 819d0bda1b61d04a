import { END_WITHIN_MS } from "@skein/kit/child-process";
import { leaderSettings } from "../settings";
import {
  initial,
  partState,
  policyOf,
  supervise,
  TICK_MS,
  type ChildState,
  type Effect,
  type Event,
  type Policy,
} from "./supervise";

const policy: Policy = {
  startMs: 20_000,
  stallMs: 10_000,
  quietMs: 3_000,
  stopMs: 3_000,
  restartMs: 250,
  restartMaxMs: 10_000,
  crashLoopDeaths: 3,
  crashLoopMs: 60_000,
  hasSafeMode: true,
};

const up: ChildState = { ...initial, phase: "up", startedAt: 0, aliveAt: 1_000, tickAt: 1_000 };
const at = (state: ChildState, tickAt: number): ChildState => ({ ...state, tickAt });

describe("one step", () => {
  it.each`
    state                                                         | event      | now       | phase         | effects          | because
    ${initial}                                                    | ${"start"} | ${5}      | ${"starting"} | ${["spawn"]}     | ${"it is started"}
    ${up}                                                         | ${"start"} | ${5_000}  | ${"up"}       | ${[]}            | ${"what runs is not started twice"}
    ${{ ...initial, phase: "starting" }}                          | ${"ready"} | ${900}    | ${"up"}       | ${[]}            | ${"it said that it is ready"}
    ${{ ...initial, phase: "stopping" }}                          | ${"ready"} | ${900}    | ${"stopping"} | ${[]}            | ${"too late: it is told to stop"}
    ${at({ ...initial, phase: "starting" }, 20_000)}              | ${"tick"}  | ${20_001} | ${"starting"} | ${["kill"]}      | ${"it does not get ready"}
    ${at(up, 10_900)}                                             | ${"tick"}  | ${11_000} | ${"up"}       | ${[]}            | ${"quiet for just as long as it may be"}
    ${at(up, 10_900)}                                             | ${"tick"}  | ${11_001} | ${"stalled"}  | ${["kill"]}      | ${"its event loop is stuck"}
    ${{ ...up, phase: "stalled", dueAt: 14_000, tickAt: 13_900 }} | ${"tick"}  | ${14_000} | ${"stalled"}  | ${["kill"]}      | ${"it has been killed and is still there"}
    ${{ ...up, phase: "stalled" }}                                | ${"alive"} | ${11_100} | ${"stalled"}  | ${[]}            | ${"a word that it had left behind"}
    ${{ ...up, phase: "stalled" }}                                | ${"exit"}  | ${11_100} | ${"waiting"}  | ${[]}            | ${"it is gone"}
    ${{ ...up, phase: "stalled" }}                                | ${"stop"}  | ${11_100} | ${"stopping"} | ${["terminate"]} | ${"it is not wanted any more"}
    ${at(up, 1_000)}                                              | ${"tick"}  | ${21_000} | ${"up"}       | ${[]}            | ${"the launcher itself slept for 20 s and has not listened yet"}
    ${up}                                                         | ${"exit"}  | ${5_000}  | ${"waiting"}  | ${[]}            | ${"it died and is started again after a wait"}
    ${{ ...up, phase: "waiting", dueAt: 5_250, tickAt: 5_000 }}   | ${"tick"}  | ${5_249}  | ${"waiting"}  | ${[]}            | ${"not yet"}
    ${{ ...up, phase: "waiting", dueAt: 5_250, tickAt: 5_000 }}   | ${"tick"}  | ${5_250}  | ${"starting"} | ${["spawn"]}     | ${"now"}
    ${up}                                                         | ${"stop"}  | ${5_000}  | ${"stopping"} | ${["terminate"]} | ${"it is asked to end"}
    ${{ ...up, phase: "stopping", dueAt: 8_000, tickAt: 7_900 }}  | ${"tick"}  | ${8_000}  | ${"stopping"} | ${["kill"]}      | ${"it did not end by itself"}
    ${{ ...up, phase: "stopping" }}                               | ${"exit"}  | ${6_000}  | ${"stopped"}  | ${[]}            | ${"it ended as it was asked to, and stays so"}
    ${{ ...up, phase: "stopping", startAgain: true }}             | ${"exit"}  | ${6_000}  | ${"starting"} | ${["spawn"]}     | ${"it was wanted again before it had ended"}
    ${{ ...up, phase: "waiting" }}                                | ${"stop"}  | ${6_000}  | ${"stopped"}  | ${[]}            | ${"there is nothing to end, and nothing is started any more"}
    ${{ ...up, phase: "stopped" }}                                | ${"tick"}  | ${60_000} | ${"stopped"}  | ${[]}            | ${"stopped is stopped"}
    ${{ ...up, phase: "stopped" }}                                | ${"start"} | ${60_000} | ${"starting"} | ${["spawn"]}     | ${"until it is wanted again"}
  `("$because", ({ state, event, now, phase, effects }) => {
    const result = supervise(state, { type: event } as Event, now, policy);
    expect([result.state.phase, result.effects]).toEqual([phase, effects]);
  });
});

/** Lives and deaths in a row: each `[how long it ran]`; tells when each was started and whether in safe mode. */
function lives(runs: number[], options: Partial<Policy> = {}) {
  let state = initial;
  let now = 0;
  const starts: { waited: number; safeMode: boolean }[] = [];
  let died = 0;
  const feed = (event: Event, after = 0): Effect[] => {
    now += after;
    const result = supervise(state, event, now, { ...policy, ...options });
    state = result.state;
    if (result.effects.includes("spawn")) starts.push({ waited: now - died, safeMode: state.safeMode });
    return result.effects;
  };
  feed({ type: "start" });
  for (const ran of runs) {
    feed({ type: "ready" });
    now += ran;
    feed({ type: "alive" });
    feed({ type: "exit" });
    died = now;
    while (state.phase === "waiting") {
      now += TICK_MS;
      feed({ type: "tick" });
    }
  }
  return { starts, current: () => state, feed };
}

describe("an agent that was told to restart", () => {
  const exit = { type: "exit", code: 75 } as const;

  it("is started again at once, and is no death", () => {
    const result = supervise({ ...up, quickDeaths: 1 }, exit, 5_000, { ...policy, restartCode: 75 });
    expect(result).toMatchObject({ state: { phase: "starting", quickDeaths: 1 }, effects: ["spawn"] });
  });

  it("is the only part that may end so", () => {
    const { launcher } = leaderSettings.parse({});
    expect(policyOf("follower", launcher).restartCode).toBe(75);
    expect(supervise(up, exit, 5_000, policyOf("flowHost", launcher)).state.phase).toBe("waiting");
    expect(supervise(up, { type: "exit", code: 1 }, 5_000, policyOf("follower", launcher)).state.phase).toBe("waiting");
  });
});

describe("a life in lives", () => {
  it("is started again at once, then less and less eagerly, and never less than every 10 s", () => {
    const waits = lives(Array(8).fill(1_000), { hasSafeMode: false })
      .starts.slice(1)
      .map(({ waited }) => waited);
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });
  it("is started at once again when it ran well in between", () => {
    expect(lives([1_000, 1_000, 3_600_000]).starts.at(-1)).toEqual({ waited: 250, safeMode: false });
  });
  it("has its flows stopped after three deaths, each soon after its start", () => {
    expect(lives([1_000, 59_000, 30_000]).starts.map(({ safeMode }) => safeMode)).toEqual([false, false, false, true]);
  });
  it("is no crash loop when it lives for more than a minute each time", () => {
    expect(lives([61_000, 61_000, 61_000, 61_000]).starts.some(({ safeMode }) => safeMode)).toBe(false);
  });
  it("has no safe mode when it is not the flow host", () => {
    expect(lives([1, 1, 1, 1, 1], { hasSafeMode: false }).starts.some(({ safeMode }) => safeMode)).toBe(false);
  });
  it("leaves safe mode when its owner deployed, and takes three deaths to come back to it", () => {
    const { feed, current } = lives([1, 1, 1]);
    expect(current().safeMode).toBe(true);
    feed({ type: "ready" });
    feed({ type: "safe-mode", on: false });
    const afterDeath = () => {
      feed({ type: "exit" });
      feed({ type: "start" });
      while (current().phase === "waiting") feed({ type: "tick" }, TICK_MS);
      feed({ type: "ready" });
      return current().safeMode;
    };
    expect([afterDeath(), afterDeath(), afterDeath()]).toEqual([false, false, true]);
  });
});

it("follows the last wish of those that come while it ends", () => {
  const wishes = (...events: Event["type"][]) =>
    events.reduce<ChildState>((state, type) => supervise(state, { type } as Event, 5_000, policy).state, up).phase;
  expect(wishes("stop", "start", "exit")).toBe("starting");
  expect(wishes("stop", "start", "stop", "exit")).toBe("stopped");
  expect(wishes("stop", "start", "exit", "ready", "stop", "exit")).toBe("stopped");
});

describe("what the page shows", () => {
  it.each`
    phase         | quiet    | shown
    ${"starting"} | ${0}     | ${"starting"}
    ${"up"}       | ${3_000} | ${"up"}
    ${"up"}       | ${3_001} | ${"stalled"}
    ${"stalled"}  | ${0}     | ${"stalled"}
    ${"waiting"}  | ${0}     | ${"down"}
    ${"stopping"} | ${0}     | ${"down"}
    ${"stopped"}  | ${0}     | ${"stopped"}
    ${"idle"}     | ${0}     | ${"stopped"}
  `("$phase, quiet for $quiet ms: $shown", ({ phase, quiet, shown }) => {
    expect(partState({ ...initial, phase, aliveAt: 1_000 }, 1_000 + quiet, policy)).toBe(shown);
  });
});

describe("how long a part may be silent", () => {
  const limits = leaderSettings.parse({}).launcher;
  it.each([
    ["core", 20_000, []],
    ["broker", 20_000, []],
    ["core", 50_000, ["kill"]],
    ["flowHost", 20_000, ["kill"]],
    ["virtualHome", 20_000, ["kill"]],
  ] as const)("%s after %d ms: %p", (part, silence, effects) => {
    const now = up.aliveAt + silence;
    expect(supervise(at(up, now - TICK_MS), { type: "tick" }, now, policyOf(part, limits)).effects).toEqual(effects);
  });
  it("is what the settings say", () => {
    const own = leaderSettings.parse({ launcher: { stallMs: 2_000, coreStallMs: 70_000 } }).launcher;
    expect(policyOf("core", own)).toMatchObject({ stallMs: 70_000, quietMs: 3_000, hasSafeMode: false });
    // Whatever a part is given to end by itself is less.
    expect(policyOf("core", own).stopMs).toBeGreaterThan(END_WITHIN_MS);
    expect(policyOf("flowHost", own)).toMatchObject({ stallMs: 2_000, quietMs: 2_000, hasSafeMode: true });
  });
});
