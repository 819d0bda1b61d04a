import { FakeClock } from "@skein/kit";
import { Spread } from "./spread";

function setUp() {
  const clock = new FakeClock();
  const told: string[] = [];
  return { clock, told, spread: new Spread<string, number>(clock, (item, before) => told.push(`${item} ${before}`)) };
}

test("a few are told at once", () => {
  const { told, spread } = setUp();
  spread.add("a", 1);
  spread.add("a", 2);
  expect(told).toEqual(["a 1", "a 2"]);
});

test("thousands are told over several turns, each once, in order", async () => {
  const { clock, told, spread } = setUp();
  for (let index = 0; index < 1000; index++) spread.add(`f${index}`, index);
  expect(told).toHaveLength(100);
  await clock.advance(1);
  expect(told).toEqual(Array.from({ length: 1000 }, (_, index) => `f${index} ${index}`));
});

test("one that changes again while it waits is told once, with what was before the first change", async () => {
  const { clock, told, spread } = setUp();
  for (let index = 0; index < 100; index++) spread.add(`f${index}`, index);
  spread.add("late", 1);
  spread.add("late", 2);
  spread.add("gone", 1);
  spread.drop("gone");
  await clock.advance(1);
  expect(told.slice(100)).toEqual(["late 1"]);
});
