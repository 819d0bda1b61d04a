/**
 * How often somebody may try: by address, and by address and account together, never by account alone, so that whoever hammers at the
 * owner's account from one address does not lock the owner out at another. Counted before a password is looked at.
 */
import { isIPv6 } from "node:net";
import type { Clock } from "@skein/kit";

export interface Throttle {
  /** Ms to wait before the next try; 0: now. */
  waitMs(address: string, account: string): number;
  failed(address: string, account: string): void;
  /** A right password clears what that account got wrong from there. */
  succeeded(address: string, account: string): void;
}

/** So many may be wrong before the first wait; each further one doubles it. */
const FREE = { account: 5, address: 20 };
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Forgotten after so long without another wrong one. */
const FORGET_MS = 60 * 60_000;
/** A whole network behind one address still fits; the oldest go first. */
const MOST_KEPT = 10_000;

interface Count {
  wrong: number;
  /** Monotonic, ms. */
  last: number;
}

export function createThrottle(clock: Pick<Clock, "monotonic">): Throttle {
  const counts = new Map<string, Count>();
  const keysOf = (address: string, account: string): [string, number][] => [
    [`${network(address)} ${account}`, FREE.account],
    [network(address), FREE.address],
  ];
  const waitOf = (key: string, free: number): number => {
    const count = counts.get(key);
    if (!count || count.wrong < free) return 0;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, count.wrong - free));
    return Math.max(0, count.last + wait - clock.monotonic());
  };
  return {
    waitMs: (address, account) => Math.max(...keysOf(address, account).map(([key, free]) => waitOf(key, free))),
    failed(address, account) {
      const now = clock.monotonic();
      for (const [key] of keysOf(address, account)) {
        const before = counts.get(key);
        const wrong = before && now - before.last < FORGET_MS ? before.wrong : 0;
        // Put last: a Map keeps its order, and the first is the one longest quiet.
        counts.delete(key);
        counts.set(key, { wrong: wrong + 1, last: now });
      }
      for (const [key, { last }] of counts) {
        if (counts.size <= MOST_KEPT && now - last < FORGET_MS) break;
        counts.delete(key);
      }
    },
    succeeded(address, account) {
      counts.delete(`${network(address)} ${account}`);
      // This try was counted before it was looked at; what others got wrong from there stays.
      const count = counts.get(network(address));
      if (count) count.wrong = Math.max(0, count.wrong - 1);
    },
  };
}

/** Whoever has one IPv6 address has 2^64 of them (RFC 6177). */
export function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const groups = head.split(":").filter(Boolean);
  const rest = tail.split(":").filter(Boolean);
  const full = address.includes("::")
    ? [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill("0"), ...rest]
    : groups;
  return `${full
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
