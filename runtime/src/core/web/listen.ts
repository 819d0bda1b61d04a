/** Opens the port: on loopback, or where the owner wants to be found, with a certificate or without, within limits. */
import { createServer, type Server } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import express, { type RequestHandler } from "express";
import { compile } from "proxy-addr";
import { SkeinError, type Clock, type Logger } from "@skein/kit";
import { isLoopbackAddress, listenHosts } from "../../http-hosts";
import type { LeaderSettings } from "../../settings";
import type { CallerOf } from "./caller";
import { createGuard } from "./guard";
import { WEB_LIMITS, type WebLimits } from "./limits";
import { followCertificate, readCertificate } from "./tls";
import { createWebServer, type WebOptions } from "./web-server";

export interface ListenParts extends Pick<
  WebOptions,
  "app" | "io" | "flowHost" | "gate" | "vouch" | "kept" | "onRefused"
> {
  readonly http: LeaderSettings["http"];
  readonly port: number;
  readonly callerOf: CallerOf;
  /** The palette's tarballs, for the flow host's npm. */
  readonly palette: RequestHandler;
  readonly limits?: Partial<WebLimits> | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Listening {
  /** Where the flow host's npm finds core without a certificate that it would have to believe. No slash at the end. */
  readonly localUrl: string;
  /** The certificate that is shown now, PEM, where there is one. */
  readonly certificate: string | undefined;
  /** No further connection. */
  close(): void;
  /** Those that are open still. */
  closeAllConnections(): void;
}

/** Where everybody in the network can come, somebody must be able to say who may. @throws SkeinError OWNER_NEEDED */
export function checkMayListen({ host }: LeaderSettings["http"], owned: boolean): void {
  if (owned || isLoopbackAddress(host)) return;
  throw new SkeinError("OWNER_NEEDED", `http.host: ${host} would open a house without an owner to the network.`, {
    hint: "Take http.host out of skein.yaml, start, open the set-up link and choose a password; then put it back.",
  });
}

/** @throws SkeinError CERTIFICATE_INVALID, and the system's errors (EADDRINUSE) */
export async function listenForBrowsers({
  http,
  port,
  callerOf,
  palette,
  limits,
  clock,
  logger,
  ...backends
}: ListenParts): Promise<Listening> {
  const { host, tls, trustedProxies, allowedHosts } = http;
  const trusts = compile(trustedProxies);
  let shown = tls && readCertificate(tls);
  const options: WebOptions = {
    ...backends,
    callerOf,
    guard: createGuard({ port, allowedHosts, callerOf, hostname: isLoopbackAddress(host) ? undefined : hostname() }),
    limits: { ...WEB_LIMITS, ...limits },
    isExempt: (address) => isLoopbackAddress(address.replace(/^::ffff:/, "")) || trusts(address, 0),
    certificate: shown,
    hsts: tls?.hsts,
  };
  const servers: Server[] = [];
  for (const each of listenHosts(host)) {
    const server = createWebServer(options);
    await opened(server, port, each);
    servers.push(server);
  }
  // npm does not believe the house's own certificate: what it fetches is there without TLS too, on this machine alone.
  const local = tls && createServer(express().use("/api/v1/palette", palette));
  if (local) await opened(local, 0, "127.0.0.1");
  const stopFollowing =
    tls &&
    followCertificate(tls, { clock, logger }, (certificate) => {
      shown = certificate;
      for (const server of servers) (server as TlsServer).setSecureContext(certificate);
    });
  const all = local ? [...servers, local] : servers;
  return {
    localUrl: `http://127.0.0.1:${local ? (local.address() as AddressInfo).port : port}`,
    get certificate() {
      return shown?.cert;
    },
    close() {
      stopFollowing?.();
      for (const server of all) server.close();
    },
    closeAllConnections() {
      for (const server of all) server.closeAllConnections();
    },
  };
}

const opened = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      resolve();
    });
  });
