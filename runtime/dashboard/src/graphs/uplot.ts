/** uPlot (20 kB) in a chunk of its own: it comes with the first graph and not before. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Columns } from "./series";

export interface ChartOptions {
  readonly width: number;
  readonly height: number;
  /** One a series; their number does not change. */
  readonly colours: readonly string[];
  readonly ink: string;
  readonly grid: string;
  /** Of an axis' label and the value beside the cursor. */
  readonly amount: (value: number) => string;
  /** Of the time axis, ms. */
  readonly moment: (at: number) => string;
  /** Percent on the whole scale. */
  readonly whole: boolean;
  /** Called with the index of the point below the pointer or the finger; undefined beside the graph. */
  readonly pointed: (index: number | undefined) => void;
}

export interface Chart {
  /** `from` and `to`, ms: what is shown even where nothing was measured. */
  show(columns: Columns, from: number, to: number): void;
  resize(width: number): void;
  /** Puts the cursor on a point, as the arrow keys do. */
  point(index: number | undefined): void;
  destroy(): void;
}

/** Mean as a line; least and most as the band around it. */
export function createChart(element: HTMLElement, options: ChartOptions): Chart {
  const { width, height, colours, ink, grid, amount, moment, whole, pointed } = options;
  let range: [number, number] = [0, 1];
  const axis = {
    stroke: ink,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1, size: 4 },
    font: "12px system-ui, sans-serif",
  };
  const plot = new uPlot(
    {
      width,
      height,
      // Words beside the graph tell it, and read it aloud.
      legend: { show: false },
      // Dragging would zoom, and a finger that scrolls the page drags.
      cursor: { drag: { x: false, y: false }, points: { size: 7 }, y: false },
      padding: [10, 12, 0, 0],
      scales: {
        x: { time: true, range: () => range },
        y: { range: (_plot, least, most): [number, number] => (whole ? [0, 100] : roomFor(least, most)) },
      },
      axes: [
        { ...axis, space: 80, size: 30, values: (_plot, values) => values.map((seconds) => moment(seconds * 1000)) },
        { ...axis, size: 66, space: 28, values: (_plot, values) => values.map(amount) },
      ],
      series: [
        {},
        ...colours.flatMap((colour) => [
          { stroke: colour, width: 2, points: { show: false }, spanGaps: false },
          { width: 0, points: { show: false } },
          { width: 0, points: { show: false } },
        ]),
      ],
      bands: colours.map((colour, line) => ({
        series: [3 * line + 3, 3 * line + 2] as [number, number],
        fill: tinted(colour),
      })),
      hooks: { setCursor: [({ cursor }) => pointed(cursor.idx ?? undefined)] },
    },
    [[]],
    element,
  );
  return {
    show({ seconds, lines }, from, to) {
      range = [from / 1000, to / 1000];
      const data = [[...seconds], ...lines.flatMap(({ mean, least, most }) => [[...mean], [...least], [...most]])];
      plot.setData(data as uPlot.AlignedData);
    },
    resize: (to) => plot.setSize({ width: to, height }),
    point(index) {
      const seconds = index === undefined ? undefined : plot.data[0][index];
      plot.setCursor(
        seconds === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(seconds, "x"), top: 5 },
        false,
      );
    },
    destroy: () => plot.destroy(),
  };
}

/** From zero where that is near, else a tenth of air; never flat. */
function roomFor(least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [0, 1];
  const air = Math.max((most - least) / 10, Math.abs(most) / 50, 0.05);
  return [least >= 0 && least < most / 2 ? 0 : least - air, most + air];
}

/** A fifth of it; colours come worked out, as `rgb(31, 111, 100)`. */
const tinted = (colour: string): string => colour.replace(/^rgb\((.*)\)$/, "rgba($1, 0.2)");
