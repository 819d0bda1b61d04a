import { every, FakeClock, sleep } from "./clock";

describe("a fake clock", () => {
  it("fires timers in the order of their time, and those of equal time in the order of setting", async () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    clock.setTimer(() => fired.push("late"), 20);
    clock.setTimer(() => fired.push("early"), 10);
    clock.setTimer(() => fired.push("late too"), 20);
    await clock.advance(19);
    expect(fired).toEqual(["early"]);
    await clock.advance(1);
    expect(fired).toEqual(["early", "late", "late too"]);
  });

  it("steps the wall clock without moving time", () => {
    const clock = new FakeClock(1_000);
    clock.stepWall(-600);
    expect([clock.now(), clock.monotonic()]).toEqual([400, 0]);
  });

  it("lets a sleeper be woken by its signal", async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const slept = sleep(clock, 1_000, controller.signal);
    controller.abort(new Error("enough"));
    await expect(slept).rejects.toThrow("enough");
  });
});

describe("every", () => {
  it("keeps to its grid however late a call comes: no drift", async () => {
    const clock = new FakeClock();
    const calls: number[] = [];
    const stop = every(clock, 100, () => calls.push(clock.monotonic()));
    await clock.advance(350);
    stop();
    await clock.advance(500);
    expect(calls).toEqual([100, 200, 300]);
  });

  it("skips the calls that a sleeping machine missed instead of making up for them", () => {
    let now = 0;
    let fire = () => {};
    const waits: number[] = [];
    const clock = {
      now: () => now,
      monotonic: () => now,
      setTimer: (callback: () => void, ms: number) => {
        fire = callback;
        waits.push(ms);
        return () => {};
      },
    };
    const calls: number[] = [];
    every(clock, 100, () => calls.push(now));
    now = 1_030; // the timer of 100 fires 930 ms late
    fire();
    expect(calls).toEqual([1_030]);
    expect(waits).toEqual([100, 70]);
  });
});
