/** Under which address others find the leader. Pure. */
import type { NetworkInterfaceInfo } from "node:os";
import { isLoopbackName } from "./bus-url";

export interface LeaderUrlParts {
  /** The Host that the page was asked for by: `127.0.0.1:1880`. */
  readonly host: string;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  /** Where the leader listens: `http.host`. */
  readonly listensOn: string;
  /** The machine's addresses: os.networkInterfaces(). */
  readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
}

/**
 * As the admin sees the leader; but one who sits at the leader itself calls it by a name that means the board itself over there: then
 * by an address at which the network finds it, if there is one.
 */
export function leaderUrlFor({ host, secure, listensOn, interfaces }: LeaderUrlParts): string {
  const scheme = secure ? "https" : "http";
  const [, name = host, port = ""] = /^(.*?)(:\d+)?$/.exec(host) ?? [];
  if (!isLoopbackName(name) || isLoopbackName(listensOn)) return `${scheme}://${host}`;
  return `${scheme}://${isEvery(listensOn) ? (firstOutside(interfaces) ?? name) : inUrl(listensOn)}${port}`;
}

const isEvery = (address: string): boolean => address === "0.0.0.0" || address === "::";
export const inUrl = (address: string): string => (address.includes(":") ? `[${address}]` : address);

/** Where the network finds this machine, if it is in one. A board's people type it: IPv4. */
export const firstOutside = (interfaces: LeaderUrlParts["interfaces"]): string | undefined =>
  Object.values(interfaces)
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
