/** What history keeps of a follower's metrics: a few figures, each a series whose name bears its unit. */
import type { DataOf, metrics } from "@skein/contracts";

type Metrics = DataOf<typeof metrics>;
const share = (part: { usedBytes: number; totalBytes: number } | undefined): number | undefined =>
  part && part.totalBytes > 0 ? (100 * part.usedBytes) / part.totalBytes : undefined;
const sum = (values: readonly number[]): number | undefined =>
  values.length > 0 ? values.reduce((total, value) => total + value, 0) : undefined;

/** Figures that the host does not have are left out. */
export function figuresOf(data: Metrics): Readonly<Record<string, number>> {
  const disks = (data.disks ?? []).map(share).filter((each) => each !== undefined);
  const figures: Record<string, number | undefined> = {
    cpuPercent: data.cpu?.percent,
    memoryPercent: share(data.memory),
    memoryUsedBytes: data.memory?.usedBytes,
    swapPercent: share(data.swap),
    temperatureC: data.temperatureC,
    // The fullest: it is the one that somebody has to do something about.
    diskPercent: disks.length > 0 ? Math.max(...disks) : undefined,
    receivedBytesPerS: sum((data.network ?? []).map(({ receivedBytesPerS }) => receivedBytesPerS)),
    sentBytesPerS: sum((data.network ?? []).map(({ sentBytesPerS }) => sentBytesPerS)),
    load1: data.load?.[0],
    batteryPercent: data.battery?.percent,
    agentCpuPercent: data.agent.cpuPercent,
    agentRssBytes: data.agent.rssBytes,
    agentEventLoopLagMs: data.agent.eventLoopLagMs,
  };
  return Object.fromEntries(
    Object.entries(figures).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
