/**
 * Who may speak to the leader over HTTP at all. Any page in the owner's browser can send requests to 127.0.0.1, and a
 * foreign name can be made to point there, or to this machine's address in the network (DNS rebinding): every request and every upgrade
 * passes here before anybody asks who sends it. Pure.
 */
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import type { CallerOf, Incoming } from "./caller";

export interface GuardOptions {
  /** Our own port. */
  readonly port: number;
  /** Further names: `name` (any port) or `name:port`. */
  readonly allowedHosts: readonly string[];
  /** Beyond loopback: what this machine is called (`os.hostname()`). Left out: it is reached from this machine alone. */
  readonly hostname?: string | undefined;
  readonly callerOf: CallerOf;
}

export interface Refusal {
  readonly code: "HOST_REFUSED" | "ORIGIN_REFUSED";
  readonly message: string;
}

export interface GuardedRequest extends Incoming {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** `localAddress`: where the connection came in. */
  readonly socket: Incoming["socket"] & { readonly localAddress?: string | undefined };
}

/** Undefined: let it pass. */
export type Guard = (request: GuardedRequest) => Refusal | undefined;

/** A guard for our port on loopback under any of its names, and for the further names. */
export function createGuard({ port, allowedHosts, hostname, callerOf }: GuardOptions): Guard {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const ownNames = namesOf(hostname);
  const isOurs = (host: string, secure: boolean, localAddress: string): boolean => {
    const [, name = "", hostPort] = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
    if (allowed.has(name) || allowed.has(host)) return true;
    if (Number(hostPort ?? (secure ? 443 : 80)) !== port) return false;
    return isLoopback(name) || ownNames.has(name) || (hostname !== undefined && isAddress(name, localAddress));
  };
  return (request) => {
    const { method, url, headers, socket } = request;
    const { host, secure } = callerOf(request);
    if (host === undefined || !isOurs(host, secure, socket.localAddress ?? "")) {
      return {
        code: "HOST_REFUSED",
        message: `this house is not known as "${host ?? ""}"; open http${secure ? "s" : ""}://127.0.0.1:${port}/, or name the host under http.allowedHosts in skein.yaml.`,
      };
    }
    const origin = headers.origin?.toLowerCase();
    if (origin !== undefined) {
      // A proxy in front (http.allowedHosts) may speak TLS where we do not.
      const own = origin === `http://${host}` || origin === `https://${host}`;
      return own
        ? undefined
        : { code: "ORIGIN_REFUSED", message: "a page from elsewhere may not speak to this house." };
    }
    // Without an Origin: a program, an old browser, or a request that a browser sends plainly and marks (Fetch Metadata).
    const site = headers["sec-fetch-site"];
    if (site === undefined && isUnmarkedBrowser(headers, host) && actsOnGet(url))
      return { code: "ORIGIN_REFUSED", message: "only this house's own pages, and programs, may set this off." };
    if (site === undefined || site === "same-origin" || site === "none") return undefined;
    if (isNavigation(method, headers) && !actsOnGet(url)) return undefined;
    return { code: "ORIGIN_REFUSED", message: "a page from elsewhere may not load this." };
  };
}

/** `attic`, `attic.local` as mDNS has it, and the whole name where there is one. */
function namesOf(hostname: string | undefined): ReadonlySet<string> {
  if (hostname === undefined || hostname === "") return new Set();
  const whole = hostname.toLowerCase();
  const [short = whole] = whole.split(".");
  return new Set([whole, short, `${short}.local`]);
}

/** The very address that the connection came in on: an address cannot be made to point elsewhere, as a name can. */
const isAddress = (name: string, localAddress: string): boolean => {
  const bare = name.replace(/^\[(.*)\]$/, "$1");
  return isIP(bare) !== 0 && bare === localAddress.replace(/^::ffff:/i, "").toLowerCase();
};

const isLoopback = (name: string): boolean =>
  name === "localhost" || name === "[::1]" || /^127(\.\d{1,3}){3}$/.test(name);

/**
 * Browsers mark requests to loopback and over TLS only: a picture on a foreign page that comes over plain http to a name of the
 * network (http.allowedHosts) looks like a program's request, but for the browser's own name, which no page can take away.
 */
const isUnmarkedBrowser = (headers: IncomingHttpHeaders, host: string): boolean =>
  !isLoopback(host.replace(/:\d+$/, "")) &&
  /mozilla/i.test(headers["user-agent"] ?? "") &&
  !isOwnPage(headers.referer, host);

const isOwnPage = (referer = "", host: string): boolean =>
  [`http://${host}/`, `https://${host}/`].some((own) => referer.toLowerCase().startsWith(own));

/** Somebody followed a link to us, in a tab of its own. */
const isNavigation = (method: string | undefined, headers: IncomingHttpHeaders): boolean =>
  (method === "GET" || method === "HEAD") &&
  headers["sec-fetch-mode"] === "navigate" &&
  headers["sec-fetch-dest"] === "document";

/** What an HTTP-in node does at a GET only its owner knows: a foreign link must not set it off. */
const actsOnGet = (url = ""): boolean => /^\/+hooks/i.test(url) || /^\/+io/i.test(url);
