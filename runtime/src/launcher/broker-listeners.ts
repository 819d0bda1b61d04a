/** Where the embedded broker listens: for this machine always, for the network when the owner says so. */
import type { BrokerTls } from "@skein/broker";
import { pem } from "../pem";
import type { LeaderSettings } from "../settings";

export interface BrokerListeners {
  /** Without TLS; they share a port. */
  readonly hosts: readonly string[];
  /** With TLS. */
  readonly tlsHost?: string;
}

export const LOOPBACK_HOST = "127.0.0.1";
export const DEFAULT_TLS_PORT = 8883;
/** They contain the loopback address: nothing else can listen there on the same port. */
const EVERY_ADDRESS = ["0.0.0.0", "::"];

export function brokerListeners({ host = LOOPBACK_HOST, listenTls }: LeaderSettings["bus"]): BrokerListeners {
  if (listenTls) return { hosts: [LOOPBACK_HOST], tlsHost: host };
  if (EVERY_ADDRESS.includes(host)) return { hosts: [host] };
  return { hosts: [...new Set([LOOPBACK_HOST, host])] };
}

/** With the files read. @throws SkeinError CONFIG_UNREADABLE */
export function brokerTls(bus: LeaderSettings["bus"], port: number | undefined): BrokerTls | undefined {
  const { tlsHost } = brokerListeners(bus);
  if (!bus.listenTls || tlsHost === undefined || port === undefined) return undefined;
  const read = (file: string) => pem(file, "bus.listenTls");
  return { host: tlsHost, port, cert: read(bus.listenTls.cert), key: read(bus.listenTls.key) };
}
