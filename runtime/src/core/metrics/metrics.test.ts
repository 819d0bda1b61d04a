import type { VerdictData } from "@skein/contracts";
import type { Watched } from "@skein/fleet";
import type { FleetListeners } from "../fleet/fleet-service";
import { createMetrics, type MetricsParts } from "./metrics";

const verdict = (state: VerdictData["state"], since: number, lastSeenAt?: number): VerdictData => ({
  state,
  cause: state === "unknown" ? "bus-down" : "silence",
  since,
  ...(lastSeenAt !== undefined && { lastSeenAt }),
  virtual: false,
});

function metricsOf(watched: () => Partial<Watched>[]) {
  let tell: FleetListeners = {};
  const { registry } = createMetrics({
    bus: { link: { up: true }, stats: { received: 0, sent: 0, connections: 0, rejected: {}, dropped: {} } },
    fleet: {
      watched: watched as () => Watched[],
      listen: (listeners: FleetListeners) => ((tell = listeners), () => {}),
    },
    house: { health: () => ({}) },
  } as unknown as MetricsParts);
  const value = async (line: string): Promise<number> => {
    const found = (await registry.metrics()).split("\n").find((one) => one.startsWith(`${line} `));
    return Number(found?.split(" ").at(-1) ?? 0);
  };
  return { value, tell: (now: VerdictData, before: VerdictData) => tell.verdict?.("attic", now, before) };
}

it("counts one death once, also when the bus goes down and comes back meanwhile", async () => {
  const { value, tell } = metricsOf(() => []);
  const [alive, dead, unknown] = [verdict("alive", 0), verdict("dead", 12_000, 1_000), verdict("unknown", 60_000)];
  tell(dead, alive);
  tell(unknown, dead);
  tell(dead, unknown);
  expect(await value('skein_verdict_changes_total{state="dead",cause="silence"}')).toBe(1);
  expect(await value('skein_detection_delay_seconds_count{state="dead",cause="silence"}')).toBe(1);
  expect(await value('skein_detection_delay_seconds_sum{state="dead",cause="silence"}')).toBe(11);
});

it("counts a death that was found after the bus came back", async () => {
  const { value, tell } = metricsOf(() => []);
  tell(verdict("dead", 70_000, 50_000), verdict("unknown", 60_000));
  expect(await value('skein_verdict_changes_total{state="dead",cause="silence"}')).toBe(1);
});

it("counts no missed beat twice", async () => {
  let beatsMissed = 5;
  const { value } = metricsOf(() => [{ id: "attic", verdict: verdict("alive", 0), beatsMissed }]);
  const missed: number[] = [];
  for (beatsMissed of [5, 4, 5, 7]) missed.push(await value("skein_heartbeats_missed_total"));
  expect(missed).toEqual([5, 5, 5, 7]);
});

it("counts followers by verdict, and never a made-up one among the real ones", async () => {
  const made = { ...verdict("alive", 0), virtual: true };
  const { value } = metricsOf(() => [{ verdict: verdict("alive", 0) }, { verdict: made }, { verdict: made }]);
  expect(await value('skein_followers{state="alive",virtual="false"}')).toBe(1);
  expect(await value('skein_followers{state="alive",virtual="true"}')).toBe(2);
  expect(await value('skein_followers{state="dead",virtual="true"}')).toBe(0);
});
