import { FakeClock } from "@skein/kit";
import { LazyTimer } from "./lazy-timer";

describe("A lazy timer", () => {
  const start = () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    const timer = new LazyTimer(clock, () => fired.push(clock.monotonic()));
    return { clock, fired, timer };
  };

  it("fires when it was last set for, be that earlier or later than before", async () => {
    const { clock, fired, timer } = start();
    timer.set(100);
    await clock.advance(50);
    timer.set(100);
    await clock.advance(99);
    expect(fired).toEqual([]);
    await clock.advance(1);
    expect(fired).toEqual([150]);
    timer.set(100);
    timer.set(10);
    await clock.advance(200);
    expect(fired).toEqual([150, 160]);
  });

  it("does not fire when it was cleared, and can be set again", async () => {
    const { clock, fired, timer } = start();
    timer.set(100);
    timer.clear();
    await clock.advance(60);
    timer.set(100);
    await clock.advance(100);
    expect(fired).toEqual([160]);
    timer.set(5);
    timer.close();
    await clock.advance(100);
    expect(fired).toEqual([160]);
  });
});
