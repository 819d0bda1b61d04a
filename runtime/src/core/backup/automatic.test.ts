import type { BackupView, NewEvent } from "@skein/contracts";
import { FakeClock, silentLogger } from "@skein/kit";
import { backUpDaily } from "./automatic";
import { isDue, lastMoment } from "./schedule";

const HOUR = 3_600_000;
const local = (day: number, hour: number, minute = 0) => new Date(2026, 4, day, hour, minute).getTime();

it.each([
  [local(5, 3, 29), undefined, true, "there is none yet"],
  [local(5, 3, 29), local(4, 3, 31), false, "today's time has not come"],
  [local(5, 3, 31), local(4, 3, 31), true, "today's time has come"],
  [local(5, 9), local(5, 3, 35), false, "today's is made"],
  [local(7, 9), local(4, 3, 35), true, "the house was off for days"],
])(
  "is due or not: %s, newest %s: %s, because %s",
  (now: number, newest: number | undefined, due: boolean, _why: string) =>
    expect(isDue(now, "03:30", newest)).toBe(due),
);
it("counts from the last time that the clock showed it", () =>
  expect(lastMoment(local(5, 3, 29), "03:30")).toBe(local(4, 3, 30)));

it("makes one a day, and tells of a failure and tries again", async () => {
  const clock = new FakeClock(local(5, 0));
  let kept: BackupView[] = [];
  let full = false;
  const events: NewEvent[] = [];
  const made: number[] = [];
  const stop = backUpDaily({
    backups: {
      list: () => Promise.resolve(kept),
      make() {
        if (full) return Promise.reject(new Error("the disk is full"));
        const view = { id: `b${clock.now()}`, at: clock.now(), bytes: 1, version: "1" };
        made.push(view.at);
        kept = [view, ...kept];
        return Promise.resolve(view);
      },
    },
    settings: { enabled: true, at: "03:30" },
    events: { add: (event) => void events.push(event) },
    clock,
    logger: silentLogger,
  });
  await clock.advance(4 * 24 * HOUR);
  expect(made).toHaveLength(5);
  full = true;
  await clock.advance(24 * HOUR);
  expect(events.length).toBeGreaterThanOrEqual(20);
  expect(events[0]).toMatchObject({ type: "backup-failed", severity: "warning", text: "the disk is full" });
  full = false;
  await clock.advance(2 * HOUR);
  expect(made).toHaveLength(6);
  stop();
});
