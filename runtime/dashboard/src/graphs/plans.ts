/**
 * Which series share a graph, in which order, and in what unit each is. A series that nobody has named here yet gets a graph of its
 * own under its own name, in the unit of its suffix: history may keep more than this page knows of. Pure.
 */
export type Unit = "percent" | "celsius" | "bytes" | "bytesPerS" | "ms" | "watts" | "plain";

export interface GraphPlan {
  readonly id: string;
  /** One to three; the API's names. */
  readonly series: readonly string[];
  readonly unit: Unit;
  /** Percent always reach from 0 to 100: a line of 2 % must not look like a load. */
  readonly whole: boolean;
}

/** In order; those whose series there are not are not shown. */
const KNOWN: readonly (readonly [id: string, ...series: string[]])[] = [
  ["cpu", "cpuPercent"],
  ["memory", "memoryPercent", "swapPercent"],
  ["temperature", "temperatureC"],
  ["load", "load1", "load5", "load15"],
  ["disk", "diskPercent"],
  ["network", "receivedBytesPerS", "sentBytesPerS"],
  ["battery", "batteryPercent"],
  ["agentCpu", "agentCpuPercent"],
  ["agentMemory", "agentRssBytes"],
  ["agentLag", "agentEventLoopLagMs"],
  ["power", "powerW"],
];
/** What says again what another one says. */
const LEFT_OUT: ReadonlySet<string> = new Set(["memoryUsedBytes", "memoryTotalBytes"]);

const SUFFIXES: readonly (readonly [suffix: RegExp, unit: Unit])[] = [
  [/BytesPerS$/, "bytesPerS"],
  [/Bytes$/, "bytes"],
  [/Percent$/, "percent"],
  [/[a-z0-9]C$/, "celsius"],
  [/Ms$/, "ms"],
  [/[a-z]W$/, "watts"],
];

export const unitOf = (name: string): Unit => SUFFIXES.find(([suffix]) => suffix.test(name))?.[1] ?? "plain";

export function graphsOf(names: readonly string[]): readonly GraphPlan[] {
  const there = new Set(names);
  const known = KNOWN.map(([id, ...series]) => ({ id, series: series.filter((name) => there.has(name)) }));
  const named = new Set(KNOWN.flatMap(([, ...series]) => series));
  // Memory's share cannot be told by a host that does not know its total.
  const others = names.filter((name) => !named.has(name) && !(LEFT_OUT.has(name) && there.has("memoryPercent")));
  return [...known, ...others.toSorted().map((name) => ({ id: name, series: [name] }))].flatMap(({ id, series }) => {
    if (series[0] === undefined) return [];
    const unit = unitOf(series[0]);
    // An agent's own share of the processor is small and its shape is what matters.
    return [{ id, series, unit, whole: unit === "percent" && id !== "agentCpu" }];
  });
}
