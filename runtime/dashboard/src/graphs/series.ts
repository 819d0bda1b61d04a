import type { SeriesAnswer } from "@skein/contracts";

/**
 * Figures between the API and a graph: what came since is joined to what is known, several series get one time axis,
 * and what was not measured is a gap and no line. Pure.
 */
export type Point = SeriesAnswer["series"][number]["points"][number];
export type Series = SeriesAnswer["series"][number];

/** One time axis, seconds, and for every series its mean, least and most; null where it was not measured. */
export interface Columns {
  readonly seconds: readonly number[];
  readonly lines: readonly {
    readonly mean: readonly (number | null)[];
    readonly least: readonly (number | null)[];
    readonly most: readonly (number | null)[];
  }[];
}

/** Steps without a point that a line still crosses: reports come a little early and late. */
const GAP_STEPS = 2.5;

/**
 * What was known with what came since: newer points replace those of the same moment (the last step grows until it is full), and
 * what is older than the window goes.
 */
export function joined(known: SeriesAnswer, since: SeriesAnswer): SeriesAnswer {
  const from = known.from + (since.to - known.to);
  const names = new Set([...known.series, ...since.series].map(({ name }) => name));
  const pointsOf = (answer: SeriesAnswer, name: string) =>
    answer.series.find((each) => each.name === name)?.points ?? [];
  const series = [...names].map((name) => {
    const fresh = pointsOf(since, name);
    const first = fresh[0]?.[0] ?? Infinity;
    const points = [...pointsOf(known, name).filter(([at]) => at < first), ...fresh].filter(([at]) => at >= from);
    return { name, points };
  });
  return { from, to: since.to, stepMs: known.stepMs, series: series.filter(({ points }) => points.length > 0) };
}

export function columnsOf(series: readonly (Series | undefined)[], stepMs: number): Columns {
  const moments = new Set<number>();
  for (const each of series) {
    let before: number | undefined;
    for (const [at] of each?.points ?? []) {
      // A moment at which no series has a point breaks each line.
      if (before !== undefined && at - before > GAP_STEPS * stepMs) moments.add(before + stepMs);
      moments.add(at);
      before = at;
    }
  }
  const axis = [...moments].toSorted((a, b) => a - b);
  const lines = series.map((each) => {
    const byMoment = new Map((each?.points ?? []).map((point) => [point[0], point]));
    const column = (which: 1 | 2 | 3) => axis.map((at) => byMoment.get(at)?.[which] ?? null);
    return { mean: column(1), least: column(2), most: column(3) };
  });
  return { seconds: axis.map((at) => at / 1000), lines };
}

/** A series in four figures, for those who do not see its graph. */
export interface Summary {
  readonly latest: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

export function summaryOf(points: readonly Point[]): Summary | undefined {
  const last = points.at(-1);
  if (!last) return undefined;
  return {
    latest: last[1],
    mean: points.reduce((sum, [, mean]) => sum + mean, 0) / points.length,
    least: Math.min(...points.map(([, , least]) => least)),
    most: Math.max(...points.map(([, , , most]) => most)),
  };
}

/** What a series in watts comes to, kWh; where nothing was measured nothing is counted. */
export const kilowattHours = (points: readonly Point[], stepMs: number): number =>
  points.reduce((sum, [, mean]) => sum + (mean * stepMs) / 3.6e9, 0);

/** At most `count` points for a table: each the mean, least and most of its share of the time. */
export function thinned(points: readonly Point[], count: number): readonly Point[] {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length <= count) return points;
  const width = (last[0] - first[0]) / count + 1;
  const shares = new Map<number, Point[]>();
  for (const point of points) {
    const share = Math.floor((point[0] - first[0]) / width);
    const sharers = shares.get(share);
    if (sharers) sharers.push(point);
    else shares.set(share, [point]);
  }
  return [...shares.values()].flatMap((share): Point[] => {
    const summary = summaryOf(share);
    return summary && share[0] ? [[share[0][0], summary.mean, summary.least, summary.most]] : [];
  });
}
