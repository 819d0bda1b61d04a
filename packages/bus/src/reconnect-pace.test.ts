import { FakeClock } from "@skein/kit";
import { reconnectPace } from "./reconnect-pace";

const setUp = () => {
  const clock = new FakeClock();
  // Always the longest wait of a step.
  const random = { next: () => 1, bytes: () => new Uint8Array() };
  return { clock, pace: reconnectPace({ clock, random }, { baseMs: 100, maxMs: 1000 }) };
};

test("waits longer after every attempt that failed, up to a limit, and begins anew once the link stood", async () => {
  const { pace, clock } = setUp();
  expect([1, 2, 3, 4, 5, 6].map(() => pace.fell())).toEqual([100, 200, 400, 800, 1000, 1000]);
  pace.stood();
  await clock.advance(10_000);
  expect([pace.fell(), pace.fell()]).toEqual([100, 200]);
});

test("a link that falls as soon as it stands is tried more and more seldom", async () => {
  const { pace, clock } = setUp();
  const waits: number[] = [];
  for (let link = 0; link < 5; link++) {
    pace.stood();
    await clock.advance(50);
    waits.push(pace.fell());
  }
  expect(waits).toEqual([100, 200, 400, 800, 1000]);
  pace.stood();
  await clock.advance(10_000);
  expect(pace.fell()).toBe(100);
});
