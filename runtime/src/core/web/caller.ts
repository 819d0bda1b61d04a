/**
 * From where a request comes: its address, whether it came over TLS, and the name that it called us by. What a proxy tells of it
 * (X-Forwarded-*) counts only from a proxy that the owner trusts (`http.trustedProxies`): anybody can write such headers. Pure.
 */
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import proxyaddr from "proxy-addr";

export interface Caller {
  /** As far as trusted proxies tell: the rightmost address that is none of theirs. Without the IPv6 dress of an IPv4 one. */
  readonly address: string;
  readonly secure: boolean;
  /** Host and port as the browser has it, in lower case. */
  readonly host: string | undefined;
  /** Through a trusted proxy: the certificate that the browser sees is the proxy's. */
  readonly proxied: boolean;
}

/** The part of a request that tells. */
export interface Incoming {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean };
}

export type CallerOf = (req: Incoming) => Caller;

/** @throws TypeError when one of them is no address, range or name that proxy-addr knows */
export function createCallerOf(trustedProxies: readonly string[]): CallerOf {
  const trusts = proxyaddr.compile([...trustedProxies]);
  return ({ headers, socket }) => {
    const remote = plain(socket.remoteAddress ?? "");
    const direct = {
      address: remote,
      secure: socket.encrypted === true,
      host: headers.host?.toLowerCase(),
      proxied: false,
    };
    if (!isIP(remote) || !trusts(remote, 0)) return direct;
    const proto = lastOf(headers["x-forwarded-proto"]);
    return {
      address: addressBehind(remote, listOf(headers["x-forwarded-for"]), trusts),
      secure: proto === undefined ? direct.secure : proto.toLowerCase() === "https",
      host: lastOf(headers["x-forwarded-host"])?.toLowerCase() ?? direct.host,
      proxied: true,
    };
  };
}

/** Each hop appends whom it heard from: from the right, as long as the one who wrote it is trusted. */
function addressBehind(
  remote: string,
  forwarded: readonly string[],
  trusts: (address: string, hop: number) => boolean,
) {
  let address = remote;
  for (const [hop, each] of forwarded.toReversed().entries()) {
    const next = plain(each);
    // "unknown", a made-up name (RFC 7239, 6): the last one that is known counts.
    if (!isIP(next)) return address;
    address = next;
    if (!trusts(next, hop + 1)) return address;
  }
  return address;
}

/** `::ffff:192.0.2.1` is how a socket for both kinds shows an IPv4 address (RFC 4291, 2.5.5.2). */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");

const listOf = (header: string | string[] | undefined): string[] =>
  (Array.isArray(header) ? header.join(",") : (header ?? ""))
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");

const lastOf = (header: string | string[] | undefined): string | undefined => listOf(header).at(-1);
