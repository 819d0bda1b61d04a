/** The device's side of XOR: TCP with a length before each frame, UDP without. Its cipher is its own: a mistake of the client's is not repeated here. */
import { createServer, type Server, type Socket } from "node:net";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import type { Clock, Random } from "@skein/kit";
import type { Faults } from "./emulator";
import { MAX_REQUEST_BYTES, MOST_CONNECTIONS, MOST_UNDER_WAY } from "./limits";
import { beforeAnswer, noisy, writeSplit } from "./wire-faults";

/** Each byte with the ciphertext byte before it: `forward` encrypts, else decrypts. */
export function autokey(bytes: Buffer, forward: boolean): Buffer {
  const out = Buffer.alloc(bytes.length);
  bytes.forEach((byte, index) => {
    const before = index === 0 ? 171 : ((forward ? out[index - 1] : bytes[index - 1]) ?? 0);
    out[index] = byte ^ before;
  });
  return out;
}

export interface ServerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: () => Faults;
  /** The JSON of the family; notes the request. */
  readonly answer: (request: unknown) => object;
}

export async function listenXor(host: string, port: number, parts: ServerParts) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    void serve(socket, parts).catch(() => socket.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, host, port);
  const bound = portOf(server);
  const udp = await bindUdp(host, bound, async (packet, reply) => {
    const { clock, faults, random } = parts;
    if (random.next() < (faults().loss ?? 0) || !(await beforeAnswer(faults(), clock))) return;
    const request = parse(autokey(packet, false).toString());
    if (request !== undefined)
      reply(noisy(faults(), autokey(Buffer.from(JSON.stringify(parts.answer(request))), true), random));
  });
  return {
    port: bound,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise((resolve) => server.close(resolve)),
        new Promise<void>((resolve) => udp.close(resolve)),
      ]);
    },
  };
}

/**
 * One request after the other, as they come; garbage ends the connection. No more is read from it while an answer is on its way: who sends
 * faster than he is answered, or takes no answers, waits.
 */
async function serve(socket: Socket, parts: ServerParts): Promise<void> {
  let held = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 4) {
      const length = held.readUInt32BE(0);
      if (length > MAX_REQUEST_BYTES) return void socket.destroy();
      if (held.length < length + 4) break;
      const request = parse(autokey(held.subarray(4, 4 + length), false).toString());
      held = held.subarray(4 + length);
      if (request === undefined) return void socket.destroy();
      await respond(socket, request, parts);
    }
  }
}

async function respond(
  socket: Socket,
  request: unknown,
  { clock, random, faults, answer }: ServerParts,
): Promise<void> {
  if (!(await beforeAnswer(faults(), clock))) return;
  const body = autokey(Buffer.from(JSON.stringify(answer(request))), true);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(body.length, 0);
  await writeSplit(socket, noisy(faults(), Buffer.concat([header, body]), random), faults());
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return address.port;
}

export function bindUdp(
  host: string,
  port: number,
  onPacket: (packet: Buffer, reply: (answer: Buffer) => void) => Promise<void>,
): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    let closed = false;
    let underWay = 0;
    socket.on("close", () => (closed = true));
    socket.on("message", (packet, from) => {
      if (underWay >= MOST_UNDER_WAY || packet.length > MAX_REQUEST_BYTES) return;
      underWay += 1;
      const reply = (answer: Buffer) => void (closed || socket.send(answer, from.port, from.address));
      // Whatever a packet does to a device, the device outlives it.
      void onPacket(packet, reply)
        .catch(() => {})
        .finally(() => (underWay -= 1));
    });
    socket.bind(port, host, () => {
      socket.off("error", reject);
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}
