/** MQTT over TLS. A connection that does not get through the handshake is no client yet, so it is seen to here. */
import type { Server, Socket } from "node:net";
import { createServer } from "node:tls";
import { messageOf, SkeinError } from "@skein/kit";
import { listen } from "./listen";

export interface BrokerTls {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM: its certificate with whatever chain belongs to it, and the key. */
  readonly cert: string;
  readonly key: string;
}

export interface TlsOptions extends BrokerTls {
  readonly handshakeMs: number;
  /** Somebody has connected and shakes hands; `accept` has it when that is done. */
  readonly onConnection: (socket: Socket) => void;
  readonly accept: (socket: Socket) => void;
  /** One that did not get through, from this address. */
  readonly onFailed: (address: string) => void;
}

/** @throws SkeinError PORT_IN_USE, BUS_ADDRESS_INVALID, BUS_CERTIFICATE_INVALID */
export async function listenTls(options: TlsOptions): Promise<Server> {
  const { cert, key, handshakeMs, onConnection, accept, onFailed } = options;
  let server: Server;
  try {
    server = createServer({ cert, key, handshakeTimeout: handshakeMs }, accept);
  } catch (error) {
    throw new SkeinError("BUS_CERTIFICATE_INVALID", `the broker's certificate does not do: ${messageOf(error)}.`, {
      hint: "bus.listenTls names the PEM files of a certificate and of the key that belongs to it.",
      cause: error,
    });
  }
  server.on("connection", onConnection);
  // Node.js tells of a handshake that takes too long, and leaves the connection open.
  server.on("tlsClientError", (_error, socket: Socket) => {
    onFailed(socket.remoteAddress ?? "nowhere");
    socket.destroy();
  });
  await listen(server, options.port, options.host ?? "127.0.0.1");
  return server;
}
