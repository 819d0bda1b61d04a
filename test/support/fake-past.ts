import type { EventView, FlowNode, FlowsDiff, SeriesAnswer, SnapshotView, VerdictHistory } from "@skein/contracts";
import type { FakeApi } from "./fake-api";

/** A past for the fake house: figures, verdicts, events and two snapshots of its flows. */
const HOUR_MS = 3_600_000;
const STEP_MS = 10_000;

/** An hour of figures up to `now`, with five minutes missing; a series that the page has no words for is among them. */
export function figures(now: number, from = now - HOUR_MS): SeriesAnswer {
  const points = (value: (step: number) => number): SeriesAnswer["series"][number]["points"] => {
    const first = Math.ceil(from / STEP_MS);
    const steps = Array.from({ length: Math.floor(now / STEP_MS) - first + 1 }, (_, index) => first + index);
    return steps
      .filter((step) => now - step * STEP_MS < 20 * 60_000 || now - step * STEP_MS > 25 * 60_000)
      .map((step) => [step * STEP_MS, value(step), value(step) * 0.8, value(step) * 1.3]);
  };
  const wave = (middle: number, height: number) => points((step) => middle + height * Math.sin(step / 20));
  return {
    from,
    to: now,
    stepMs: STEP_MS,
    series: [
      { name: "cpuPercent", points: wave(30, 20) },
      { name: "memoryPercent", points: wave(36, 1) },
      { name: "temperatureC", points: wave(54, 3) },
      { name: "load1", points: wave(0.8, 0.4) },
      { name: "diskPercent", points: wave(61, 0.1) },
      { name: "receivedBytesPerS", points: wave(52_000, 30_000) },
      { name: "sentBytesPerS", points: wave(9_000, 5_000) },
      { name: "soilMoisturePercent", points: wave(44, 6) },
    ],
  };
}

const verdicts = (now: number): VerdictHistory => ({
  from: now - HOUR_MS,
  to: now,
  spans: [
    { from: now - 2 * HOUR_MS, to: now - 1_800_000, state: "alive", cause: "beat" },
    { from: now - 1_800_000, to: now - 1_500_000, state: "dead", cause: "will" },
    { from: now - 1_500_000, to: now - 900_000, state: "unknown", cause: "bus-down" },
    { from: now - 900_000, state: "alive", cause: "reconnect" },
  ],
});

export const event = (id: number, at: number, parts: Partial<EventView> = {}): EventView => ({
  id,
  at,
  type: "follower-verdict",
  severity: "warning",
  audit: false,
  text: "Attic is dead: its connection died.",
  subject: { kind: "follower", id: "attic" },
  data: { state: "dead", cause: "will", name: "Attic" },
  ...parts,
});

const wired = (
  id: string,
  type: string,
  name: string,
  x: number,
  y: number,
  to: readonly string[],
  z = "t1",
): FlowNode => ({
  id,
  type,
  name,
  x,
  y,
  z,
  wires: to.length > 0 ? [[...to]] : [],
});
const tabs: readonly FlowNode[] = [
  { id: "t1", type: "tab", label: "Lights" },
  { id: "t2", type: "tab", label: "Heating" },
];
const before: readonly FlowNode[] = [
  ...tabs,
  wired("hall", "skein-heartbeat-monitor", "Somebody in the hall", 160, 80, ["dark"]),
  wired("dark", "switch", "is it dark?", 400, 80, ["old", "lamp"]),
  wired("old", "delay", "wait", 600, 160, ["lamp"]),
  wired("lamp", "debug", "Hall lamp", 820, 80, []),
  wired("heat", "inject", "every morning", 160, 80, [], "t2"),
];
const after: readonly FlowNode[] = [
  ...tabs,
  wired("hall", "skein-heartbeat-monitor", "Somebody in the hall", 160, 80, ["dark"]),
  wired("dark", "switch", "is it very dark?", 400, 80, ["fade"]),
  wired("fade", "function", "fade in", 620, 40, ["lamp"]),
  wired("lamp", "debug", "Hall lamp", 820, 120, []),
  wired("heat", "inject", "every morning", 160, 80, [], "t2"),
];
const diff: FlowsDiff = {
  from: "s1",
  to: "s2",
  changes: [
    { id: "dark", type: "switch", name: "is it very dark?", tab: "t1", what: "changed", properties: ["name", "wires"] },
    { id: "fade", type: "function", name: "fade in", tab: "t1", what: "added" },
    { id: "old", type: "delay", name: "wait", tab: "t1", what: "removed" },
    { id: "lamp", type: "debug", name: "Hall lamp", tab: "t1", what: "moved" },
    { id: "bus", type: "skein-bus", what: "changed", properties: ["url"] },
  ],
};

export function givePast(api: FakeApi, now: number): void {
  const snapshot = (id: string, at: number, current: boolean, flows: readonly FlowNode[]): SnapshotView => ({
    id,
    at,
    rev: id,
    by: "ben",
    ...(current ? { note: "Softer light in the hall" } : {}),
    tabs: 2,
    nodes: flows.length - 2,
    bytes: 2_100,
    current,
  });
  const [old, present] = [
    snapshot("s1", now - 26 * HOUR_MS, false, before),
    snapshot("s2", now - HOUR_MS, true, after),
  ];
  const login = { type: "login", severity: "info", audit: true, subject: { kind: "account", id: "ben" } } as const;
  const newest = [
    event(903, now - 60_000, { severity: "alarm", type: "mass-loss", text: "3 followers were lost together." }),
    event(902, now - 1_800_000),
    event(901, now - 25 * HOUR_MS, { ...login, actor: "ben", address: "192.168.1.9", text: "Ben logged in." }),
  ];
  const older = Array.from({ length: 80 }, (_, index) =>
    event(800 - index, now - (30 + index) * HOUR_MS, {
      type: "something-new",
      severity: "info",
      text: `Older ${index}`,
    }),
  );
  Object.assign(api.answers, {
    "followers/attic/metrics": (query: URLSearchParams) =>
      query.has("from") ? figures(Date.now(), Number(query.get("from"))) : figures(now),
    "followers/attic/verdicts": () => verdicts(now),
    events: (query: URLSearchParams) => {
      if (query.has("cursor")) return { events: older.slice(20) };
      const severities = query.get("severity")?.split(",");
      if (severities) return { events: newest.filter(({ severity }) => severities.includes(severity)) };
      return query.has("subject")
        ? { events: newest.slice(0, 2) }
        : { events: [...newest, ...older.slice(0, 20)], next: 781 };
    },
    snapshots: () => ({ snapshots: [present, old] }),
    "snapshots/s1": () => ({ ...old, flows: before }),
    "snapshots/s2": () => ({ ...present, flows: after }),
    "snapshots/s1/diff/s2": () => diff,
  } satisfies FakeApi["answers"]);
}
