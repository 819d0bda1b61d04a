import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { dateTime, dayOfMonth, fixed, hourAndMinute, timeOfDay } from "../i18n/format";
import { language } from "../i18n/language";
import { colourOf, useDark } from "../view/colours";
import { amountOf } from "./amounts";
import { FigureTable } from "./figure-table";
import type { GraphPlan } from "./plans";
import { RANGE_MS, type Range } from "./ranges";
import { columnsOf, kilowattHours, summaryOf, type Series } from "./series";
import type { Chart } from "./uplot";
import { graphWords, figureName } from "./words";

const HEIGHT_PX = 170;
/** The first three series of a graph. */
const COLOURS = ["--accent", "--virtual", "--doubt"] as const;

export interface GraphProps {
  readonly plan: GraphPlan;
  readonly series: readonly Series[];
  readonly stepMs: number;
  readonly from: number;
  readonly to: number;
  readonly range: Range;
}

/** One graph, its figures in words, by arrow keys point by point, and as a table. */
export function Graph({ plan, series, stepMs, from, to, range }: GraphProps) {
  const words = graphWords();
  const title = figureName(plan.id);
  const lines = plan.series.map((name) => series.find((each) => each.name === name));
  const columns = useMemo(() => columnsOf(lines, stepMs), [series, stepMs, plan]);
  const pointed = useSignal<number | undefined>(undefined);
  const spoken = useSignal(false);
  const last = columns.seconds.length - 1;
  const index = pointed.value === undefined ? undefined : Math.min(pointed.value, last);
  const chart = useRef<Chart | undefined>(undefined);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = {
      ArrowLeft: Math.max(0, (index ?? last + 1) - 1),
      ArrowRight: Math.min(last, (index ?? last - 1) + 1),
      Home: 0,
      End: last,
      Escape: undefined,
    } as const;
    if (!(event.key in to) || last < 0) return;
    event.preventDefault();
    spoken.value = true;
    chart.current?.point((pointed.value = to[event.key as keyof typeof to]));
  };
  const at = index === undefined ? undefined : (columns.seconds[index] ?? 0) * 1000;
  const when = at === undefined ? "" : RANGE_MS[range] > RANGE_MS["24h"] ? dateTime(at) : timeOfDay(at);
  return (
    <figure class="tile graph" data-graph={plan.id}>
      <figcaption>
        <h3>{title}</h3>
        <p class="graph-at">{index === undefined ? words.latest : when}</p>
        <ul>
          {lines.map((line, which) => {
            const value = index === undefined ? line?.points.at(-1)?.[1] : columns.lines[which]?.mean[index];
            return (
              <li key={plan.series[which]}>
                {lines.length > 1 && (
                  <>
                    <span class="swatch" style={{ background: `var(${COLOURS[which]})` }} aria-hidden="true" />
                    {figureName(plan.series[which] ?? "")}{" "}
                  </>
                )}
                <strong>{value === undefined || value === null ? "–" : amountOf(value, plan.unit)}</strong>
              </li>
            );
          })}
        </ul>
      </figcaption>
      <div
        class="graph-field"
        role="group"
        tabIndex={0}
        aria-roledescription="graph"
        aria-label={`${title}. ${words.graphHelp}`}
        onKeyDown={onKeyDown}
        onBlur={() => chart.current?.point((pointed.value = undefined))}
      >
        <Drawing
          plan={plan}
          columns={columns}
          from={from}
          to={to}
          range={range}
          chart={chart}
          point={(to) => (pointed.value = to)}
        />
      </div>
      <p class="for-readers" role="status">
        {spoken.value &&
          at !== undefined &&
          index !== undefined &&
          [
            when,
            ...lines.map((_line, which) => {
              const value = columns.lines[which]?.mean[index];
              return `${figureName(plan.series[which] ?? "")} ${value === null || value === undefined ? "–" : amountOf(value, plan.unit)}`;
            }),
          ].join(", ")}
      </p>
      <InWords plan={plan} lines={lines} stepMs={stepMs} />
    </figure>
  );
}

/** Least, mean and most of the whole time, and behind them the table. */
function InWords(props: { plan: GraphPlan; lines: readonly (Series | undefined)[]; stepMs: number }) {
  const { plan, lines, stepMs } = props;
  const words = graphWords();
  const open = useSignal(false);
  return (
    <>
      {lines.map((line, which) => {
        const summary = summaryOf(line?.points ?? []);
        if (!summary) return null;
        const { least, mean, most } = summary;
        return (
          <p key={plan.series[which]} class="hint graph-summary">
            {lines.length > 1 && `${figureName(plan.series[which] ?? "")}: `}
            {words.least} {amountOf(least, plan.unit)} · {words.mean} {amountOf(mean, plan.unit)} · {words.most}{" "}
            {amountOf(most, plan.unit)}
            {plan.unit === "watts" && ` · ${words.altogether(fixed(kilowattHours(line?.points ?? [], stepMs), 3))}`}
          </p>
        );
      })}
      <details onToggle={(event) => (open.value = event.currentTarget.open)}>
        <summary>{words.table}</summary>
        {open.value && <FigureTable plan={plan} lines={lines} />}
      </details>
    </>
  );
}

interface DrawingProps {
  readonly plan: GraphPlan;
  readonly columns: ReturnType<typeof columnsOf>;
  readonly from: number;
  readonly to: number;
  readonly range: Range;
  readonly chart: { current: Chart | undefined };
  readonly point: (index: number | undefined) => void;
}

/** The canvas itself: made anew when the colours or the language change, else only its data are. */
function Drawing({ plan, columns, from, to, range, chart, point }: DrawingProps) {
  const field = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const latest = useRef({ columns, from, to });
  latest.current = { columns, from, to };
  const count = plan.series.length;

  useEffect(() => {
    const element = field.current;
    if (!element) return;
    let gone = false;
    const colour = (variable: `--${string}`) => colourOf(element, variable);
    const observer = new ResizeObserver(() => chart.current?.resize(element.clientWidth));
    const drawn = import("./uplot").then(({ createChart }) => {
      if (gone) return;
      chart.current = createChart(element, {
        width: element.clientWidth,
        height: HEIGHT_PX,
        colours: COLOURS.slice(0, count).map(colour),
        ink: colour("--faint"),
        grid: colour("--line"),
        amount: (value) => amountOf(value, plan.unit),
        moment: RANGE_MS[range] > RANGE_MS["24h"] ? dayOfMonth : hourAndMinute,
        whole: plan.whole,
        pointed: point,
      });
      chart.current.show(latest.current.columns, latest.current.from, latest.current.to);
      observer.observe(element);
    });
    // Without the script the figures stand in words, and in the table.
    drawn.catch(() => {});
    return () => {
      gone = true;
      observer.disconnect();
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [plan.id, count, dark, range, language.value]);
  useEffect(() => chart.current?.show(columns, from, to), [columns, from, to]);
  return <div class="graph-canvas" ref={field} style={{ minHeight: `${HEIGHT_PX}px` }} aria-hidden="true" />;
}
