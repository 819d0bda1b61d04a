/** A device is given up, or the client closed, in the midst of an attempt to reach it: nobody waits for that to end by itself. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { eventually } from "../../../../test/support/eventually";
import { createLan, freshHost, type Lan } from "../testing/lan";

const ID = "kasa-50c7bffffff1";
const PROTOCOLS = ["xor", "klap-v2", "aes", "tpap"] as const;

describe("Giving up", () => {
  let lan: Lan;
  let ends: (() => unknown)[];
  beforeEach(() => {
    lan = createLan();
    ends = [];
  });
  afterEach(async () => {
    await lan.close();
    for (const end of ends.toReversed()) await end();
  });

  /** Takes connections and says nothing. */
  const silent = async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      // Reads, so that it hears of an end.
      socket
        .on("error", () => {})
        .on("close", () => sockets.delete(socket))
        .resume();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    ends.push(
      () => server.close(),
      () => sockets.forEach((socket) => socket.destroy()),
    );
    return { endpoint: { host: "127.0.0.1", port: (server.address() as AddressInfo).port }, sockets };
  };

  /** Takes no connection, nor refuses it: a host behind a firewall. It listens, never accepts, and its queue is full. */
  const deaf = async () => {
    const worker = new Worker(
      `const server = require("node:net").createServer();
       server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
         require("node:worker_threads").parentPort.postMessage(server.address().port);
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
       });`,
      { eval: true },
    );
    ends.push(() => worker.terminate());
    const [port] = (await once(worker, "message")) as [number];
    const queue = Array.from({ length: 8 }, () => connect({ host: "127.0.0.1", port }).on("error", () => {}));
    ends.push(() => queue.forEach((socket) => socket.destroy()));
    await eventually(() => expect(queue.some(({ connecting }) => !connecting)).toBe(true));
    return { host: "127.0.0.1", port };
  };

  it.each(PROTOCOLS)("does not wait for a %s connection that does not come about", async (protocol) => {
    const client = lan.client({ answerMs: 600_000, askAt: [] });
    client.hold({ id: ID, endpoint: await deaf(), protocol });
    const asked = expect(client.refresh(ID)).rejects.toMatchObject({ code: "DEVICE_UNREACHABLE" });
    await wait(50);
    await client.close();
    await asked;
  });

  it.each(PROTOCOLS)("hangs up on a %s device that does not answer", async (protocol) => {
    const { endpoint, sockets } = await silent();
    const client = lan.client({ answerMs: 600_000, askAt: [] });
    client.hold({ id: ID, endpoint, protocol });
    await eventually(() => expect(sockets.size).toBe(1));
    client.release(ID);
    await eventually(() => expect(sockets.size).toBe(0));
    client.hold({ id: ID, endpoint, protocol });
    await eventually(() => expect(sockets.size).toBe(1));
    await client.close();
    await eventually(() => expect(sockets.size).toBe(0));
  });

  it("ends a search", async () => {
    const host = freshHost();
    const asked = jest.fn();
    const lamp = createSocket("udp4", asked);
    ends.push(() => lamp.close());
    await once(lamp.bind(9999, host), "listening");
    const client = lan.client({ askAt: [{ host }] });
    const searching = client.discover({ waitMs: 600_000 });
    await eventually(() => expect(asked).toHaveBeenCalled());
    await client.close();
    expect(await searching).toEqual([]);
  });

  it("does not wait for the network to be asked where a device is", async () => {
    const client = lan.client({ answerMs: 600_000, askAt: [] });
    client.hold({ id: ID });
    await wait(50);
    await client.close();
  });
});
