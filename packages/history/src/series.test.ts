/** Series against a reference that keeps every sample and computes each answer from them. */
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { LEVELS } from "./rollup";
import { migrate } from "./schema";
import { SeriesTables } from "./series";
import { inTransaction } from "./transaction";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Somewhere in 2026, in the middle of a step. */
const NOW = Date.UTC(2026, 5, 17, 13, 37, 21);
const key = { subject: "follower:cv-1", name: "cpuPercent" };

interface Sample {
  readonly at: number;
  readonly value: number;
}

function open(db = new DatabaseSync(":memory:")): { db: DatabaseSync; series: SeriesTables } {
  migrate(db);
  return { db, series: new SeriesTables(db, NOW) };
}

function add(db: DatabaseSync, series: SeriesTables, samples: readonly Sample[], keys = [key]): void {
  const values = Float64Array.from(samples.flatMap(({ at, value }) => [0, at, value]));
  series.apply(
    inTransaction(db, () => series.log({ keys, values })),
    NOW,
  );
}

const ask = (series: SeriesTables, from: number, to: number, stepMs?: number) => {
  const answer = series.query({
    subject: key.subject,
    from,
    to,
    now: NOW,
    ...(stepMs === undefined ? {} : { stepMs }),
  });
  const points: [number, number, number, number][] = [];
  const flat = answer.series[0]?.points ?? new Float64Array();
  for (let at = 0; at < flat.length; at += 4)
    points.push([...flat.subarray(at, at + 4)] as [number, number, number, number]);
  return { stepMs: answer.stepMs, points };
};

function reference(samples: readonly Sample[], from: number, to: number, stepMs: number) {
  const steps = new Map<number, number[]>();
  for (const { at, value } of samples) {
    const due = Math.floor(at / stepMs) * stepMs;
    if (due < Math.floor(from / stepMs) * stepMs || at > to) continue;
    steps.set(due, [...(steps.get(due) ?? []), value]);
  }
  return [...steps]
    .toSorted(([a], [b]) => a - b)
    .map(([at, values]) => [
      at,
      values.reduce((sum, one) => sum + one, 0) / values.length,
      Math.min(...values),
      Math.max(...values),
    ]);
}

const sample = fc.record({
  /** Ends of steps are whole in every level, so that where the range ends within a step is no matter. */
  at: fc.integer({ min: 0, max: 40 * DAY }).map((ago) => NOW - ago),
  value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
});

describe("A series", () => {
  it("answers as one would who kept every sample: late ones, and over a restart and a save", () => {
    const range = fc.constantFrom(HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY);
    fc.assert(
      fc.property(
        fc.uniqueArray(sample, { maxLength: 80, selector: ({ at }) => at }),
        fc.nat(80),
        range,
        (samples, cut, rangeMs) => {
          const { db, series } = open();
          add(db, series, samples.slice(0, cut));
          if (cut % 2 === 0) series.save();
          // As after a crash: what was not saved is played from the log.
          const again = open(db).series;
          add(db, again, samples.slice(cut));
          const from = NOW - rangeMs;
          const to = NOW + 15 * 60_000;
          const { stepMs, points } = ask(again, from, to);
          const expected = reference(samples, from, to, stepMs);
          expect(points.map(([at]) => at)).toEqual(expected.map(([at]) => at));
          for (const [index, point] of points.entries())
            for (const [at, value] of point.entries())
              expect(Math.abs(value - (expected[index]?.[at] ?? NaN))).toBeLessThan(0.5);
          db.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("counts a sample that comes twice once, also when it comes again after a crash", () => {
    const { db, series } = open();
    add(db, series, [
      { at: NOW, value: 10 },
      { at: NOW + 1, value: 20 },
    ]);
    add(db, series, [{ at: NOW, value: 10 }]);
    const again = open(db).series;
    add(db, again, [{ at: NOW, value: 10 }]);
    expect(ask(again, NOW - HOUR, NOW + 1).points).toEqual([[Math.floor(NOW / 10_000) * 10_000, 15, 10, 20]]);
  });

  it("holds both passes of an hour that the clock went through twice", () => {
    const { db, series } = open();
    add(db, series, [{ at: NOW, value: 10 }]);
    add(db, series, [{ at: NOW - HOUR, value: 1 }]);
    add(db, series, [{ at: NOW + 1, value: 30 }]);
    const { points } = ask(series, NOW - 2 * HOUR, NOW + 1, 60_000);
    expect(points.map(([, mean]) => mean)).toEqual([1, 20]);
  });

  it("has no point where nothing was measured, and weighs a coarse point's mean by the samples", () => {
    const { db, series } = open();
    const start = Math.floor(NOW / HOUR) * HOUR - HOUR;
    const many = Array.from({ length: 9 }, (_, n) => ({ at: start + n, value: 0 }));
    add(db, series, [...many, { at: start + 60_000, value: 100 }]);
    expect(ask(series, start, start + HOUR, 15 * 60_000).points).toEqual([[start, 10, 0, 100]]);
  });

  it("writes three blocks for a series however many samples come, and leaves no log behind", () => {
    const { db, series } = open();
    const begin = Math.floor(NOW / DAY) * DAY;
    add(
      db,
      series,
      Array.from({ length: 60 }, (_, n) => ({ at: begin + n * 10_000, value: n })),
    );
    series.save();
    const rows = ["rollup_10s", "rollup_1min", "rollup_15min", "sample_log"].map(
      (table) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n,
    );
    expect(rows).toEqual([1, 1, 1, 0]);
  });

  it.each([
    ["far ahead", NOW - DAY, 9e15],
    ["far back", -9e15, NOW + DAY],
    ["far both ways", -9e15, 9e15],
  ])("gives nobody another series' points, saved or not, when the times lie %s", (_how, from, to) => {
    const { db, series } = open();
    const names = ["a", "b", "c"];
    for (const [value, name] of names.entries())
      add(db, series, [{ at: NOW, value }], [{ subject: key.subject, name }]);
    for (const saved of [false, true]) {
      if (saved) series.save();
      const answer = series.query({ subject: key.subject, from, to, now: NOW });
      expect(answer.series.map(({ name, points }) => [name, [...points].filter((_, n) => n % 4 === 1)])).toEqual(
        names.map((name, value) => [name, [value]]),
      );
    }
  });

  it("deletes no other series' points, however late it is", () => {
    const { db, series } = open();
    for (const name of ["a", "b", "c"]) add(db, series, [{ at: NOW, value: 1 }], [{ subject: key.subject, name }]);
    series.save();
    // Only the first is looked at.
    db.exec("DELETE FROM series WHERE id > 1");
    for (const level of LEVELS) series.deleteOlder(level, 9e15, 0);
    expect(db.prepare("SELECT DISTINCT id >> 24 AS series FROM rollup_15min ORDER BY 1").all()).toEqual([
      { series: 2 },
      { series: 3 },
    ]);
  });

  it("makes the same name again when the transaction that made it first failed", () => {
    const { db, series } = open();
    expect(() =>
      inTransaction(db, () => {
        series.log({ keys: [key], values: Float64Array.from([0, NOW, 1]) });
        throw new Error("disk full");
      }),
    ).toThrow("disk full");
    series.measure();
    add(db, series, [{ at: NOW, value: 5 }]);
    expect(ask(open(db).series, NOW - HOUR, NOW).points).toHaveLength(1);
  });
});
