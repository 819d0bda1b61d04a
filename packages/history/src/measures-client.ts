/** Series and verdicts as their owner has them. */
import type { SeriesAnswer } from "@skein/contracts";
import type { Series, Verdicts } from "./history-types";
import type { Owner } from "./owner";
import type { SeriesReply } from "./protocol";

export function createSeries({ clock, writer, isClosed, askAfterAll }: Owner): Series {
  return {
    add(key, at, value) {
      if (isClosed() || !Number.isFinite(value) || !Number.isFinite(at)) return;
      writer.samples.push({ key, at, value });
      writer.added();
    },
    query: async (question) => answerOf(await askAfterAll("series", { ...question, now: clock.now() })),
  };
}

export function createVerdicts({ writer, isClosed, askAfterAll }: Owner): Verdicts {
  return {
    record(change) {
      if (isClosed()) return;
      writer.verdicts.push(change);
      writer.added();
    },
    query: (question) => askAfterAll("verdicts", question),
  };
}

const answerOf = ({ from, to, stepMs, series }: SeriesReply): SeriesAnswer => ({
  from,
  to,
  stepMs,
  series: series.map(({ name, points }) => ({
    name,
    points: Array.from({ length: points.length / 4 }, (_, at) => {
      const [time = 0, mean = 0, min = 0, max = 0] = points.subarray(4 * at, 4 * at + 4);
      return [time, mean, min, max] as [number, number, number, number];
    }),
  })),
});
