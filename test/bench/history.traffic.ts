/** Messages as the bus carries them, by the contracts' own schemas: a heartbeat every 5 s and metrics every 10 s of each follower. */
import { heartbeat, metrics } from "@skein/contracts";
import { createIds, type Random, systemClock } from "@skein/kit";

export interface BusMessage {
  readonly follower: string;
  readonly topic: string;
  readonly kind: "telemetry";
  readonly payload: Buffer;
}

export interface Traffic {
  /** What all followers send at one beat; every second time with metrics. */
  beat(at: number): BusMessage[];
}

export function createTraffic(followers: readonly string[], random: Random): Traffic {
  const ids = createIds(systemClock, random);
  const run = ids();
  const bootId = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
  let seq = 0;
  const envelope = (id: string, at: number) => ({ id: ids(), at, from: id, run, session: run, seq: ++seq });
  const message = (follower: string, topic: string, at: number, body: object): BusMessage => ({
    follower,
    topic,
    kind: "telemetry",
    payload: Buffer.from(JSON.stringify({ ...envelope(follower, at), data: body })),
  });
  const capabilities = { health: "ok", agent: "ok", microphone: "ok", camera: "degraded" };
  let beats = 0;
  return {
    beat: (at) =>
      followers
        .map((id) => message(id, heartbeat.topic({ id }), at, { bootId, nextInMs: 5_000, capabilities }))
        .concat(
          beats++ % 2 === 0 ? followers.map((id) => message(id, metrics.topic({ id }), at, figures(random))) : [],
        ),
  };
}

function figures(random: Random) {
  const some = (most: number) => Math.round(random.next() * most * 100) / 100;
  return {
    cpu: { percent: some(100), perCorePercent: Array.from({ length: 8 }, () => some(100)), frequencyMhz: 2_000 },
    memory: { totalBytes: 2_096_361_472, usedBytes: Math.round(some(2e9)), availableBytes: Math.round(some(2e9)) },
    swap: { totalBytes: 0, usedBytes: 0 },
    temperatureC: some(90),
    temperaturesC: { "thermal-zone-0": some(90), "thermal-zone-1": some(90) },
    disks: [{ mount: "/", totalBytes: 31_000_000_000, usedBytes: Math.round(some(31e9)) }],
    network: [{ interface: "eth0", receivedBytesPerS: Math.round(some(1e6)), sentBytesPerS: Math.round(some(1e6)) }],
    load: [some(8), some(8), some(8)],
    uptimeS: Math.round(some(1e6)),
    agent: { cpuPercent: some(2), rssBytes: 48_000_000, heapUsedBytes: 12_000_000, eventLoopLagMs: some(20) },
  };
}

/** What core does with a message beside the journal: reads and checks it, and takes the figures that have series. */
export function seriesOf({ follower, topic, payload }: BusMessage): { subject: string; figures: [string, number][] } {
  const body = (JSON.parse(payload.toString()) as { data: unknown }).data;
  const subject = `follower:${follower}`;
  if (!topic.endsWith("/metrics")) {
    heartbeat.schema.parse(body);
    return { subject, figures: [] };
  }
  const { cpu, memory, swap, temperatureC, disks, network, load, agent } = metrics.schema.parse(body);
  const all: [string, number | undefined][] = [
    ["cpuPercent", cpu?.percent],
    ["cpuFrequencyMhz", cpu?.frequencyMhz],
    ["memoryUsedBytes", memory?.usedBytes],
    ["memoryAvailableBytes", memory?.availableBytes],
    ["swapUsedBytes", swap?.usedBytes],
    ["temperatureC", temperatureC],
    ["diskUsedBytes", disks?.[0]?.usedBytes],
    ["receivedBytesPerS", network?.[0]?.receivedBytesPerS],
    ["sentBytesPerS", network?.[0]?.sentBytesPerS],
    ["load1", load?.[0]],
    ["agentCpuPercent", agent.cpuPercent],
    ["agentRssBytes", agent.rssBytes],
  ];
  return { subject, figures: all.filter((pair): pair is [string, number] => pair[1] !== undefined) };
}
