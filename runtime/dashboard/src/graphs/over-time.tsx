import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { pageWords } from "../page-words";
import { Refusal } from "../view/refusal";
import { Segmented } from "../view/segmented";
import { Graph } from "./graph";
import "./graphs.css";
import { graphsOf } from "./plans";
import { RANGES, type Range } from "./ranges";
import { useSeries } from "./use-series";
import { graphWords } from "./words";

export interface OverTimeProps {
  /** Of the API, below /api/v1/: where the figures are. */
  readonly path: string;
  readonly range: Range;
  /** Changes whenever there may be a new figure. */
  readonly news: ReadonlySignal<unknown>;
  /** The same page over another time. */
  readonly href: (range: Range) => string;
  /** Between the choice of time and the graphs. */
  readonly children?: ComponentChildren;
}

/** How something was, over the chosen time: its figures as graphs. */
export function OverTime({ path, range, news, href, children }: OverTimeProps) {
  const words = graphWords();
  const { answer, error } = useSeries(path, range, news);
  const plans = answer ? graphsOf(answer.series.map(({ name }) => name)) : [];
  return (
    <section class="figures" aria-label={words.figuresTitle}>
      <Segmented
        label={words.range}
        value={range}
        options={RANGES.map((each) => ({ value: each, label: words.ranges[each] }))}
        href={href}
      />
      {children}
      <h2>{words.figuresTitle}</h2>
      {error !== undefined && <Refusal title={words.notShown} error={error} />}
      {!answer && error === undefined && <p class="hint">{pageWords().loading} …</p>}
      {answer && plans.length === 0 && <p class="empty">{words.noFigures}</p>}
      {answer && plans.length > 0 && (
        <>
          <div class="graphs">
            {plans.map((plan) => (
              <Graph key={plan.id} {...answer} plan={plan} range={range} />
            ))}
          </div>
          <p class="hint">{words.band}</p>
        </>
      )}
    </section>
  );
}
