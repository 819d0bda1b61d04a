/**
 * The flow host's door: a server on the unix socket that hears core alone. Whatever comes without core's word (core-word.ts) is
 * answered 403 here, before Node-RED, whose own doors are many (its editor, its API, its sockets, the routes of every node), sees it.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { takeWord, WORD_HEADER, type Asker } from "./core-word";

const REFUSED = "Only the leader's core may ask the flow host; open the house's page instead.\n";
const askers = new WeakMap<IncomingMessage, Asker>();

/** Who core says is asking. Known of every request that has come in by the door. */
export const askerOf = (req: IncomingMessage): Asker | undefined => askers.get(req);

/**
 * `behind` gets every request and upgrade that core vouches for; it never listens itself, so that Node-RED and its nodes, which add
 * listeners to it, cannot be asked but through this door.
 */
export function createTrustedServer(behind: Server, { key, now }: { key: string; now: () => number }): Server {
  const mayEnter = (req: IncomingMessage): boolean => {
    const area = areaOf(req.url);
    const who = area && takeWord(req.headers[WORD_HEADER], area, key, now());
    if (!who) return false;
    askers.set(req, who);
    // A flow gets the whole of its request: the word is none of its business. In the editor's area Node-RED itself reads it.
    if (area === "hooks") forget(req);
    return true;
  };
  const front = createServer((req, res) => {
    if (mayEnter(req)) return void behind.emit("request", req, res);
    res.writeHead(403, { "content-type": "text/plain; charset=utf-8", connection: "close" }).end(REFUSED);
  });
  front.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    if (mayEnter(req)) return void behind.emit("upgrade", req, socket, head);
    socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: ${REFUSED.length}\r\n\r\n${REFUSED}`);
  });
  return front;
}

/** As express 4 mounts: any case. */
function areaOf(url = ""): Asker["area"] | undefined {
  const first = /^\/(editor|hooks)(?=[/?]|$)/i.exec(url)?.[1]?.toLowerCase();
  return first === "editor" || first === "hooks" ? first : undefined;
}

function forget(req: IncomingMessage): void {
  delete req.headers[WORD_HEADER];
  const at = req.rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === WORD_HEADER);
  if (at >= 0) req.rawHeaders.splice(at, 2);
}
