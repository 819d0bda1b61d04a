/** Where the leader listens for browsers, and under which addresses they reach it. Pure; launcher and core agree by it. */
import { isIPv4, isIPv6 } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";

const LOOPBACK = "127.0.0.1";
/** They contain the loopback address: nothing else can listen there on the same port. */
const EVERY_ADDRESS = ["0.0.0.0", "::"];

/** Whether only this machine reaches it. */
export const isLoopbackAddress = (address: string): boolean =>
  /^127(\.\d{1,3}){3}$/.test(address) || address === "::1" || address === "localhost";

/** At each of them; this machine's own parts always find core on loopback. */
export const listenHosts = (host: string): string[] =>
  EVERY_ADDRESS.includes(host) ? [host] : [...new Set([LOOPBACK, host])];

export interface Reached {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** The page's addresses: first that for a browser on this machine, then those for others in the house. */
export function pageAddresses(
  { host, port, tls }: Reached,
  interfaces: NodeJS.Dict<readonly Pick<NetworkInterfaceInfo, "address" | "internal">[]>,
): string[] {
  const all = Object.values(interfaces).flatMap((each) => each ?? []);
  const others = EVERY_ADDRESS.includes(host)
    ? all
        .filter(({ address, internal }) => !internal && (isIPv4(address) || (host === "::" && !isLinkLocal(address))))
        .map(({ address }) => address)
    : isLoopbackAddress(host)
      ? []
      : [host];
  const scheme = tls ? "https" : "http";
  return [LOOPBACK, ...others].map((each) => `${scheme}://${isIPv6(each) ? `[${each}]` : each}:${port}/`);
}

/** No browser takes its zone (RFC 6874 has been withdrawn). */
const isLinkLocal = (address: string): boolean => /^fe[89ab]/i.test(address);
