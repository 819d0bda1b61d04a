import { FakeClock, seededRandom } from "@skein/kit";
import { Deadlines, type Due } from "./deadlines";

interface Item extends Due {
  name: number;
}

function setUp() {
  const clock = new FakeClock();
  const due: [number, number][] = [];
  const late: number[] = [];
  const deadlines = new Deadlines<Item>(clock, {
    onDue: (item) => due.push([item.name, clock.monotonic()]),
    onLate: (ms) => late.push(ms),
  });
  return { clock, due, late, deadlines };
}
const item = (name: number): Item => ({ name, armedAt: Infinity });

test("thousands of deadlines come due in order, each once, never early and at most a grain late", async () => {
  const { clock, due, deadlines } = setUp();
  const random = seededRandom(1);
  const at = Array.from({ length: 3000 }, () => Math.floor(random.next() * 10_000));
  at.forEach((ms, name) => deadlines.arm(item(name), ms));
  await clock.advance(10_100);
  expect(due).toHaveLength(3000);
  const lateness = due.map(([name, when]) => when - (at[name] ?? NaN));
  expect(lateness.every((ms) => ms >= 0 && ms <= 20)).toBe(true);
  expect(due.map(([name]) => at[name])).toEqual(at.toSorted((a, b) => a - b));
  deadlines.close();
});

test("an earlier deadline replaces a later one, and a later one does not push an earlier", async () => {
  const { clock, due, deadlines } = setUp();
  const one = item(1);
  deadlines.arm(one, 5000);
  deadlines.arm(one, 1000);
  deadlines.arm(one, 9000);
  await clock.advance(20_000);
  expect(due).toEqual([[1, 1000]]);
  deadlines.close();
});

test("what is disarmed never comes due", async () => {
  const { clock, due, deadlines } = setUp();
  const one = item(1);
  deadlines.arm(one, 1000);
  deadlines.disarm(one);
  await clock.advance(5000);
  expect(due).toEqual([]);
  deadlines.close();
});

test("time in which the process did not run is not counted, whoever notices it first", async () => {
  const clock = new FakeClock();
  let asleep = 0;
  const late: number[] = [];
  const sleepy = { now: clock.now, setTimer: clock.setTimer, monotonic: () => clock.monotonic() + asleep };
  const deadlines = new Deadlines<Item>(sleepy, { onDue: () => {}, onLate: (ms) => late.push(ms) });
  await clock.advance(900);
  asleep += 20_000;
  await clock.advance(500);
  expect(late).toEqual([20_000]);
  expect(deadlines.time()).toBe(1400);
  asleep += 7000;
  deadlines.attend();
  expect(late).toHaveLength(2);
  expect(late[1]).toBeGreaterThan(6400);
  deadlines.close();
});
