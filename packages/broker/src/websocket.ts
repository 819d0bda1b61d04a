/** MQTT over WebSocket, for programs behind networks that let nothing else through; browsers (an Origin) are refused. The subprotocol is `mqtt` [MQTT-6.0.0-3]. */
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, createWebSocketStream } from "ws";
import { listen } from "./listen";

export interface WebSocketOptions {
  readonly host: string;
  readonly port: number;
  readonly maxPacketBytes: number;
  readonly accept: (stream: Duplex, socket: Socket) => void;
}

export async function listenWebSocket({
  host,
  port,
  maxPacketBytes,
  accept,
}: WebSocketOptions): Promise<{ port: number; close: () => Promise<void> }> {
  const http = createServer((_request, response) => response.writeHead(426).end());
  const server = new WebSocketServer({
    server: http,
    maxPayload: maxPacketBytes,
    handleProtocols: (protocols) => (protocols.has("mqtt") ? "mqtt" : false),
    // A page of another origin has no business on the bus: pages go through the leader's own socket.
    verifyClient: ({ req }: { req: { headers: { origin?: string } } }) => req.headers.origin === undefined,
  });
  server.on("error", () => undefined);
  server.on("connection", (socket, request) => accept(createWebSocketStream(socket), request.socket));
  await listen(http, port, host);
  return {
    port: (http.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of server.clients) socket.terminate();
        server.close();
        http.close(() => resolve());
      }),
  };
}
