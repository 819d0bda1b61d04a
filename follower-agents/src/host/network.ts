import type { Clock } from "@skein/kit";
import type { HostFigures } from "./host";
import { textOf } from "./known";

interface Counted {
  readonly received: number;
  readonly sent: number;
}

const MOST_INTERFACES = 64;

/**
 * Bytes per second of each interface between two calls, from /proc/net/dev; without the loopback, which is no network. Not by
 * systeminformation's networkStats: its first answer is null, and for some interfaces it asks other programs.
 */
export function createNetworkMeter(root: string, clock: Pick<Clock, "monotonic">) {
  let before: { at: number; counts: Map<string, Counted> } | undefined;
  return async (): Promise<HostFigures["network"]> => {
    const text = await textOf(`${root}/proc/net/dev`);
    if (text === undefined) return undefined;
    const now = { at: clock.monotonic(), counts: parse(text) };
    const last = before;
    before = now;
    const seconds = last ? (now.at - last.at) / 1000 : 0;
    if (!last || seconds <= 0) return undefined;
    const rates: NonNullable<HostFigures["network"]> = [];
    for (const [name, count] of now.counts) {
      const earlier = last.counts.get(name);
      // An interface that never carried a byte (a spare port, the kernel's own dummies) is nobody's news.
      if (count.received + count.sent === 0) continue;
      // New since then, or its counters began again: no rate can be told.
      if (!earlier || count.received < earlier.received || count.sent < earlier.sent) continue;
      rates.push({
        interface: name.slice(0, 64),
        receivedBytesPerS: Math.round((count.received - earlier.received) / seconds),
        sentBytesPerS: Math.round((count.sent - earlier.sent) / seconds),
      });
      if (rates.length === MOST_INTERFACES) break;
    }
    return rates.length === 0 ? undefined : rates;
  };
}

/** `eth0: bytes packets errs drop fifo frame compressed multicast  bytes packets ...`, two lines of heading. */
function parse(text: string): Map<string, Counted> {
  const counts = new Map<string, Counted>();
  for (const line of text.split("\n").slice(2)) {
    const [name = "", rest = ""] = line.split(":");
    const fields = rest.trim().split(/\s+/).map(Number);
    const [received, sent] = [fields[0], fields[8]];
    if (name.trim() === "lo" || received === undefined || sent === undefined || Number.isNaN(received + sent)) continue;
    counts.set(name.trim(), { received, sent });
  }
  return counts;
}
