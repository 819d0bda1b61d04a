import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { eventually } from "../../../../test/support/eventually";
import { limitConnections, WEB_LIMITS } from "./limits";

/** How many of `wanted` connections from this machine are still open when all have been tried; then one goes and another comes. */
async function opened(
  wanted: number,
  exempt: boolean,
  limit: Partial<typeof WEB_LIMITS> = { connectionsByAddress: 3 },
): Promise<{ open: number; again: boolean }> {
  const server = createServer();
  limitConnections(server, { ...WEB_LIMITS, ...limit }, () => exempt);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  const closed = new Set<Socket>();
  const open = () => {
    const socket = connect(port, "127.0.0.1");
    // Refused by a reset or by an end: the close says it.
    socket.on("error", () => {});
    socket.on("close", () => closed.add(socket));
    sockets.push(socket);
    return socket;
  };
  try {
    for (let n = 0; n < wanted; n++) open();
    await eventually(() => expect(sockets.filter(({ connecting }) => connecting)).toEqual([]));
    const expected = exempt ? wanted : 3;
    await eventually(() => expect(sockets.length - closed.size).toBe(expected));
    sockets.find((socket) => !closed.has(socket))?.destroy();
    let another = open();
    await eventually(async () => {
      if (closed.has(another)) another = open();
      const count = await new Promise<number>((resolve) => server.getConnections((_, found) => resolve(found)));
      expect([count, closed.has(another)]).toEqual([expected, false]);
    });
    return { open: expected, again: true };
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  }
}

it("lets one address have so many connections, and one that is exempt more", async () => {
  expect(await opened(6, false)).toEqual({ open: 3, again: true });
  expect(await opened(6, true)).toEqual({ open: 6, again: true });
  expect(await opened(6, false, { connectionsByNetwork: 3 })).toEqual({ open: 3, again: true });
});
