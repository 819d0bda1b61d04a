import type { SeriesAnswer } from "@skein/contracts";
import { columnsOf, joined, kilowattHours, summaryOf, thinned, type Point } from "./series";

const STEP = 10_000;
const at = (step: number, value = step): Point => [step * STEP, value, value - 1, value + 1];
const answer = (from: number, to: number, series: Record<string, Point[]>): SeriesAnswer => ({
  from: from * STEP,
  to: to * STEP,
  stepMs: STEP,
  series: Object.entries(series).map(([name, points]) => ({ name, points })),
});

describe("what came since", () => {
  it("replaces the step that was not full yet, is put behind the rest, and pushes out what is too old", () => {
    const known = answer(0, 4, { cpuPercent: [at(0), at(1), at(2), at(3, 30)] });
    const since = answer(3, 6, { cpuPercent: [at(3, 33), at(4), at(5)] });
    expect(joined(known, since)).toEqual(answer(2, 6, { cpuPercent: [at(2), at(3, 33), at(4), at(5)] }));
  });

  it("may bring a series that was not there, and end one", () => {
    const known = answer(0, 2, { temperatureC: [at(0), at(1)] });
    const since = answer(2, 4, { cpuPercent: [at(3)] });
    expect(joined(known, since)).toEqual(answer(2, 4, { cpuPercent: [at(3)] }));
  });
});

describe("columns", () => {
  it("give several series one axis", () => {
    const { series } = answer(0, 3, { a: [at(0), at(1)], b: [at(1), at(2)] });
    const columns = columnsOf([series[0], undefined, series[1]], STEP);
    expect(columns.seconds).toEqual([0, 10, 20]);
    expect(columns.lines.map(({ mean }) => mean)).toEqual([
      [0, 1, null],
      [null, null, null],
      [null, 1, 2],
    ]);
    expect(columns.lines[0]?.least).toEqual([-1, 0, null]);
    expect(columns.lines[0]?.most).toEqual([1, 2, null]);
  });

  it.each([
    [[0, 1, 3, 5], [0, 1, 3, 5], "a report that is missing is still a line"],
    [[0, 1, 4, 5], [0, 1, null, 4, 5], "three steps without one are a gap"],
    [[], [], "nothing is nothing"],
  ])("%j have the means %j: %s", (steps, means, _because) => {
    const columns = columnsOf([{ name: "a", points: steps.map((step) => at(step)) }], STEP);
    expect(columns.lines[0]?.mean).toEqual(means);
  });
});

describe("a series in figures", () => {
  it("has the least and most of all steps, not of their means", () => {
    expect(summaryOf([at(1), at(5), at(3)])).toEqual({ latest: 3, mean: 3, least: 0, most: 6 });
    expect(summaryOf([])).toBeUndefined();
  });

  it("in watts comes to so many kWh, where it was measured", () => {
    const hour = Array.from({ length: 360 }, (_, step) => at(step, 100));
    expect(kilowattHours(hour, STEP)).toBeCloseTo(0.1);
    expect(
      kilowattHours(
        hour.filter((_, step) => step % 2 === 0),
        STEP,
      ),
    ).toBeCloseTo(0.05);
  });

  it("becomes a table of as many rows as people read", () => {
    const points = Array.from({ length: 100 }, (_, step) => at(step));
    const rows = thinned(points, 10);
    expect(rows).toHaveLength(10);
    expect(rows[0]).toEqual([0, 4.5, -1, 10]);
    expect(rows.at(-1)).toEqual([90 * STEP, 94.5, 89, 100]);
    expect(thinned(points.slice(0, 7), 10)).toEqual(points.slice(0, 7));
  });
});
