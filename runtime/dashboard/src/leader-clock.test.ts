import { createLeaderClock, STALE_AFTER_MS } from "./leader-clock";

const LEADER = Date.UTC(2026, 0, 1);
/** The viewer's clock is an hour off, which must not matter. */
const at = (ms: number) => ({ monotonic: 10_000 + ms, wall: LEADER + 3_600_000 + ms });

describe("the leader's clock as the page knows it", () => {
  it("runs on between ticks whatever the viewer's clock says", () => {
    const clock = createLeaderClock();
    clock.heard(LEADER, at(0));
    expect(clock.now(at(700))).toBe(LEADER + 700);
  });

  it("believes the quickest of the last ticks, since a late one only was delayed", () => {
    const clock = createLeaderClock();
    clock.heard(LEADER, at(20));
    clock.heard(LEADER + 1_000, at(1_400));
    expect(clock.now(at(1_400))).toBe(LEADER + 1_380);
  });

  it("follows when the leader's clock is set", () => {
    const clock = createLeaderClock();
    clock.heard(LEADER, at(0));
    clock.heard(LEADER - 3_600_000, at(1_000));
    expect(clock.now(at(1_500))).toBe(LEADER - 3_600_000 + 500);
  });

  it("follows a drift within some ticks", () => {
    const clock = createLeaderClock();
    clock.heard(LEADER + 500, at(0));
    for (let second = 1; second <= 20; second++) clock.heard(LEADER + second * 1_000, at(second * 1_000));
    expect(clock.now(at(20_000))).toBe(LEADER + 20_000);
  });

  it("stands still at the last tick once it is out of date, and says for how long", () => {
    const clock = createLeaderClock();
    clock.heard(LEADER, at(0));
    expect(clock.now(at(STALE_AFTER_MS + 9_000))).toBe(LEADER);
    expect(clock.ageMs(at(12_000))).toBe(12_000);
  });

  it("notices that the machine slept although its monotonic clock stood still", () => {
    const clock = createLeaderClock();
    clock.heard(LEADER, at(0));
    expect(clock.ageMs({ ...at(10), wall: at(0).wall + 60_000 })).toBe(60_000);
  });

  it("knows nothing before the first tick", () => {
    const clock = createLeaderClock();
    expect(clock.ageMs(at(0))).toBeUndefined();
    expect(clock.now(at(0))).toBe(0);
  });
});

it("begins anew with what was heard before the page was opened, as old as it is", () => {
  const clock = createLeaderClock();
  clock.restart({ at: 1_000_000, heard: { monotonic: 50 - 60_000, wall: 5_000 - 60_000 } });
  expect(clock.ageMs({ monotonic: 50, wall: 5_000 })).toBe(60_000);
  expect(clock.now({ monotonic: 50, wall: 5_000 })).toBe(1_000_000);
  clock.heard(1_100_000, { monotonic: 60, wall: 5_010 });
  expect(clock.now({ monotonic: 160, wall: 5_110 })).toBe(1_100_100);
});
