/** Where a board that joins finds the bus. Pure. */
import { SkeinError } from "@skein/kit";
import type { LeaderSettings } from "../../settings";

export interface BusUrlParts {
  readonly bus: Pick<LeaderSettings["bus"], "kind" | "host" | "listenTls" | "advertise" | "url">;
  readonly ports: { readonly broker?: number; readonly brokerTls?: number };
}

export const isLoopbackName = (name: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(name);

/**
 * As `bus.advertise` says; else by the name under which the board found the leader, since that works from where it stands.
 * @throws SkeinError BUS_NOT_REACHABLE
 */
export function busUrlFor(host: string, { bus, ports }: BusUrlParts): string {
  if (bus.advertise !== undefined) return bus.advertise;
  const name = host.replace(/:\d+$/, "");
  if (bus.kind !== "embedded") return throughName(bus.url ?? "", name);
  if (isLoopbackName(name)) return `mqtt://127.0.0.1:${ports.broker}`;
  if (isLoopbackName(bus.host ?? "127.0.0.1"))
    throw new SkeinError("BUS_NOT_REACHABLE", "the house's broker listens on the leader's own machine only.", {
      hint: "Write bus: { host: 0.0.0.0 } into skein.yaml and start the leader again (docs/settings.md says what that means).",
    });
  return bus.listenTls ? `mqtts://${name}:${ports.brokerTls}` : `mqtt://${name}:${ports.broker}`;
}

/** A broker beside the leader is called by its own loopback address in skein.yaml, which means something else on the board. */
function throughName(address: string, name: string): string {
  const url = new URL(address);
  if (!isLoopbackName(url.hostname) || isLoopbackName(name)) return address;
  url.hostname = name;
  return url.href.replace(/\/$/, "");
}
