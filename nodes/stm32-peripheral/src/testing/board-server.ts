/** The link's fake board at the end of a TCP line on a free loopback port, as a serial server has it. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { FakeBoard } from "../../../../packages/stm32-link/src/testing/fake-board";

export interface BoardServer {
  readonly board: FakeBoard;
  /** `host:port` */
  readonly line: string;
  /** The cable is pulled: connections end, and new ones with them, until it is plugged in again. */
  pull(): void;
  plug(): void;
  close(): Promise<void>;
}

export async function startBoardServer(board: FakeBoard): Promise<BoardServer> {
  const sockets = new Set<Socket>();
  let plugged = true;
  const serve = async (socket: Socket): Promise<void> => {
    if (!plugged) return void socket.destroy();
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    const wire = await board.open();
    wire.onData((bytes) => socket.write(bytes));
    socket.on("data", (bytes) => wire.write(bytes));
  };
  const server = createServer((socket) => void serve(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    board,
    line: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    pull() {
      plugged = false;
      for (const socket of sockets) socket.destroy();
    },
    plug: () => void (plugged = true),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
