import { pageWords } from "../../../page-words";
import { hrefTo } from "../../../router";
import { Refusal } from "../../../view/refusal";
import { Segmented } from "../../../view/segmented";
import type { Follower } from "../../../house";
import { Graph } from "./graph";
import { graphsOf } from "./graphs";
import { RANGES, type Range } from "./ranges";
import { useSeries } from "./use-series";
import { VerdictStrip } from "./verdict-strip";
import { detailWords } from "./words";

/** How a follower was, over the chosen time: what the leader believed of it, and its figures as graphs. */
export function Figures({ follower, range }: { follower: Follower; range: Range }) {
  const words = detailWords();
  const { answer, error } = useSeries(follower, range);
  const plans = answer ? graphsOf(answer.series.map(({ name }) => name)) : [];
  return (
    <section class="figures" aria-label={words.figuresTitle}>
      <Segmented
        label={words.range}
        value={range}
        options={RANGES.map((each) => ({ value: each, label: words.ranges[each] }))}
        href={(to) => hrefTo("followers", follower.id, to)}
      />
      <VerdictStrip follower={follower} range={range} />
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
