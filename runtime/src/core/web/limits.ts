/** How much of the leader one who sends slowly, much or often can take up. */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { network } from "../auth/throttle";

export interface WebLimits {
  /** A request's headers must be here by then. Node's own is 60 s. */
  readonly headersMs: number;
  /** The whole request. Node's own is 300 s. */
  readonly requestMs: number;
  /** How often the two are looked at. Node's own is 30 s. */
  readonly checkMs: number;
  /** Of all headers together, bytes; beyond it 431. */
  readonly headerBytes: number;
  readonly connections: number;
  /** From one address other than this machine and the trusted proxies. */
  readonly connectionsByAddress: number;
  /** From one IPv6 network: whoever has one address there has all of them, and so has a whole home. */
  readonly connectionsByNetwork: number;
}

export const WEB_LIMITS: WebLimits = {
  headersMs: 15_000,
  requestMs: 120_000,
  checkMs: 2_000,
  headerBytes: 16 * 1024,
  connections: 2_000,
  connectionsByAddress: 100,
  connectionsByNetwork: 500,
};

/** As Node's server takes them at its making. */
export const serverOptions = ({ headersMs, requestMs, checkMs, headerBytes }: WebLimits) => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: checkMs,
  maxHeaderSize: headerBytes,
  /** Of TLS. */
  handshakeTimeout: headersMs,
});

/** Closes what is too much at once, before it has said anything: one address shall not keep all others out. */
export function limitConnections(
  server: Server,
  { connections, connectionsByAddress, connectionsByNetwork }: WebLimits,
  isExempt: (address: string) => boolean,
): void {
  server.maxConnections = connections;
  const open = new Map<string, number>();
  const add = (key: string, count: number): void => {
    const now = (open.get(key) ?? 0) + count;
    if (now > 0) open.set(key, now);
    else open.delete(key);
  };
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    if (isExempt(address)) return;
    const counted: [key: string, most: number][] = [
      [address, connectionsByAddress],
      [`network of ${network(address)}`, connectionsByNetwork],
    ];
    if (counted.some(([key, most]) => (open.get(key) ?? 0) >= most)) return void socket.destroy();
    for (const [key] of counted) add(key, 1);
    socket.once("close", () => {
      for (const [key] of counted) add(key, -1);
    });
  });
}
