import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { SeriesAnswer } from "@skein/contracts";
import { useEffect } from "preact/hooks";
import { usePage } from "../view/page";
import { ANEW_MS, RANGE_MS, type Range } from "./ranges";
import { joined } from "./series";

export interface Loaded {
  readonly answer: SeriesAnswer | undefined;
  readonly error: unknown;
}

/**
 * Figures over a range: a longer one anew every minute. In the hour's view, whenever there is news, what history took in since is fetched
 * and joined on: history alone says which figures there are and how they are averaged.
 */
export function useSeries(path: string, range: Range, news: ReadonlySignal<unknown>): Loaded {
  const { api, stale } = usePage();
  const answer = useSignal<{ range: Range; value: SeriesAnswer } | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const connected = !stale.value;

  useEffect(() => {
    if (!connected) return;
    let over = false;
    let asking = false;
    const ask = async (since?: SeriesAnswer) => {
      if (asking) return;
      asking = true;
      try {
        const last = since && Math.max(0, ...since.series.flatMap(({ points }) => points.at(-1)?.[0] ?? []));
        const query = since && last ? `from=${last}&step=${since.stepMs}` : `range=${range}`;
        const got = await api.get<SeriesAnswer>(`${path}?${query}`);
        if (over) return;
        answer.value = { range, value: since && last ? joined(since, got) : got };
        error.value = undefined;
      } catch (reason) {
        if (!over) error.value = reason;
      } finally {
        asking = false;
      }
    };
    void ask();
    const known = () => (answer.peek()?.range === range ? answer.peek()?.value : undefined);
    const live = RANGE_MS[range] <= RANGE_MS["1h"];
    const stop = live ? news.subscribe(() => void ask(known())) : undefined;
    const timer = live ? undefined : setInterval(() => void ask(), ANEW_MS);
    return () => {
      over = true;
      stop?.();
      clearInterval(timer);
    };
  }, [path, range, connected, news]);
  return { answer: answer.value?.range === range ? answer.value.value : undefined, error: error.value };
}
