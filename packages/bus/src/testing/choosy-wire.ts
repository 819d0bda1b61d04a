import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A wire to a server on loopback that is cut whenever the client says `word`: a broker that hangs up at a message, whatever it is. */
export async function choosyWire(targetPort: number, word: string): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const relay = createServer((client) => {
    const server = connect({ port: targetPort, host: "127.0.0.1" });
    const cut = () => {
      for (const socket of [client, server]) {
        socket.destroy();
        open.delete(socket);
      }
    };
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on("error", cut);
      socket.on("close", cut);
    }
    client.on("data", (chunk) => void (chunk.includes(word) ? cut() : server.write(chunk)));
    server.on("data", (chunk) => client.write(chunk));
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  return {
    port: (relay.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => relay.close(() => resolve()));
    },
  };
}
