import { dateTime } from "../i18n/format";
import { amountOf } from "./amounts";
import type { GraphPlan } from "./plans";
import { thinned, type Series } from "./series";
import { graphWords, figureName } from "./words";

/** So many rows are still read. */
const ROWS = 24;

/** A graph as a table, for those who would rather read it: newest first. */
export function FigureTable({ plan, lines }: { plan: GraphPlan; lines: readonly (Series | undefined)[] }) {
  const words = graphWords();
  return (
    <div class="figure-table" tabIndex={0} role="group" aria-label={`${figureName(plan.id)}: ${words.table}`}>
      {lines.map((line, which) => (
        <table key={plan.series[which]}>
          {lines.length > 1 && <caption>{figureName(plan.series[which] ?? "")}</caption>}
          <thead>
            <tr>
              {[words.time, words.mean, words.least, words.most].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {thinned(line?.points ?? [], ROWS)
              .toReversed()
              .map(([at, ...figures]) => (
                <tr key={at}>
                  <th scope="row">{dateTime(at)}</th>
                  {figures.map((value, column) => (
                    <td key={column}>{amountOf(value, plan.unit)}</td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}
