/** The small web server of a device: hands each POST to what its firmware speaks, under the faults that are set. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Faults } from "./emulator";
import { replyWith, sessionIdIn, type HttpReply } from "./klap-server";
import { MAX_REQUEST_BYTES, MOST_CONNECTIONS, MOST_UNDER_WAY } from "./limits";
import { beforeAnswer, noisy } from "./wire-faults";
import { listen, portOf, type ServerParts } from "./xor-server";

export interface HttpDevice {
  handle(path: string, query: URLSearchParams, session: string | undefined, body: Buffer): HttpReply | undefined;
  forget(): void;
}

/** @param other what it answers to a path that its protocol does not know */
export async function listenHttp(
  host: string,
  port: number,
  device: HttpDevice,
  other: HttpReply,
  {
    clock,
    random,
    faults,
  }: Pick<ServerParts, "clock" | "random"> & { faults: () => Faults & { refuseOnce(): boolean } },
) {
  let underWay = 0;
  const server = createServer((request, response) => {
    underWay += 1;
    response.on("close", () => (underWay -= 1));
    if (underWay > MOST_UNDER_WAY) return void request.socket.destroy();
    void respond(request, response).catch(() => response.destroy());
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    if (body === undefined) return replyWith(response, { status: 413 });
    if (!(await beforeAnswer(faults(), clock))) return;
    const url = new URL(request.url ?? "/", "http://device");
    // A request within a session: KLAP's path, or AES' token. Handshakes and logins are none.
    const inSession = url.pathname === "/app/request" || url.searchParams.has("token");
    if (inSession && faults().refuseOnce()) return replyWith(response, { status: 403 });
    const reply = device.handle(url.pathname, url.searchParams, sessionIdIn(request), body) ?? other;
    replyWith(
      response,
      reply.body && faults().garbage ? { ...reply, body: noisy(faults(), reply.body, random) } : reply,
    );
  };
  server.keepAliveTimeout = 300_000;
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, host, port);
  return {
    port: portOf(server),
    async close() {
      device.forget();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
