import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Stands between a client and a server on loopback, and lets a test break the wire between them. */
export interface TcpRelay {
  readonly port: number;
  /** Neither side hears the other any more, and neither is told (a pulled plug). New connections are swallowed as well. */
  blackHole(): void;
  /** What the server says waits here: its client is slow. */
  pause(): void;
  /** Nothing passes either way, and nothing is lost: what is on its way arrives after `heal`. */
  stall(): void;
  /** The wire works again; connections that were in a black hole are dead and their ends are told. */
  heal(): void;
  /** The client's end is closed; the server still believes in the connection until `dropServerSide`. */
  halfOpen(): void;
  dropServerSide(): void;
  close(): Promise<void>;
}

/** `host`: where it listens, 127.0.0.1 when left out. */
export async function tcpRelay(targetPort: number, host = "127.0.0.1"): Promise<TcpRelay> {
  const pairs = new Set<{ client: Socket; server: Socket; broken: boolean }>();
  let hole = false;
  let paused = false;
  const relay = createServer((client) => {
    client.on("error", () => client.destroy());
    if (hole) {
      pairs.add({ client, server: client, broken: true });
      return;
    }
    const server = connect({ port: targetPort, host: "127.0.0.1" });
    const pair = { client, server, broken: false };
    pairs.add(pair);
    server.on("error", () => server.destroy());
    client.on("data", (chunk) => void (!pair.broken && !server.destroyed && server.write(chunk)));
    server.on("data", (chunk) => {
      if (pair.broken || client.destroyed) return;
      if (!client.write(chunk)) server.pause();
    });
    client.on("drain", () => void (!paused && server.resume()));
    if (paused) server.pause();
    client.on("close", () => void (!pair.broken && (server.destroy(), pairs.delete(pair))));
    server.on("close", () => void (!pair.broken && (client.destroy(), pairs.delete(pair))));
  });
  await new Promise<void>((resolve) => relay.listen(0, host, resolve));
  const forget = (side: "both" | "server") => {
    for (const pair of pairs) {
      if (!pair.broken) continue;
      pair.server.destroy();
      if (side === "both") pair.client.destroy();
      pairs.delete(pair);
    }
  };
  return {
    port: (relay.address() as AddressInfo).port,
    blackHole() {
      hole = true;
      for (const pair of pairs) pair.broken = true;
    },
    pause() {
      paused = true;
      for (const { server } of pairs) server.pause();
    },
    stall() {
      paused = true;
      for (const { client, server } of pairs) {
        client.pause();
        server.pause();
      }
    },
    heal() {
      hole = false;
      paused = false;
      forget("both");
      for (const { client, server } of pairs) {
        client.resume();
        server.resume();
      }
    },
    halfOpen() {
      for (const pair of pairs) {
        pair.broken = true;
        pair.client.destroy();
      }
    },
    dropServerSide: () => forget("server"),
    async close() {
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
      await new Promise<void>((resolve) => relay.close(() => resolve()));
    },
  };
}
