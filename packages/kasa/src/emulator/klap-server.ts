/** The device's side of KLAP: one session at a time, so that a second client's handshake ends the first one's. Its ciphers are its own. */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { parse, type ServerParts } from "./xor-server";

export interface KlapDevice {
  readonly version: 1 | 2;
  readonly username: string;
  readonly password: string;
  /** How long a session lives, s. */
  readonly timeoutS: number;
}

const digest = (name: string, ...parts: (Buffer | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash(name)).digest();
const sha256 = (...parts: (Buffer | string)[]) => digest("sha256", ...parts);

export function ownerHash({ version, username, password }: KlapDevice): Buffer {
  return version === 1
    ? digest("md5", digest("md5", username), digest("md5", password))
    : sha256(digest("sha1", username), digest("sha1", password));
}

interface KlapSession {
  readonly id: string;
  readonly client: Buffer;
  readonly device: Buffer;
  readonly endsAt: number;
  confirmed: boolean;
}

export interface HttpReply {
  readonly status: number;
  readonly body?: Buffer;
  readonly cookie?: string;
}

/** @returns undefined for a path that is not KLAP's */
export function createKlap(device: KlapDevice, parts: ServerParts) {
  const auth = ownerHash(device);
  let session: KlapSession | undefined;
  const { clock, random } = parts;

  const handshake1 = (client: Buffer): HttpReply => {
    if (client.length !== 16) return { status: 400 };
    const seed = Buffer.from(random.bytes(16));
    session = {
      id: Buffer.from(random.bytes(16)).toString("hex").toUpperCase(),
      client,
      device: seed,
      endsAt: clock.monotonic() + device.timeoutS * 1000,
      confirmed: false,
    };
    const proof = device.version === 1 ? sha256(client, auth) : sha256(client, seed, auth);
    return {
      status: 200,
      body: Buffer.concat([seed, proof]),
      cookie: `TP_SESSIONID=${session.id};TIMEOUT=${device.timeoutS}`,
    };
  };

  const handshake2 = (id: string | undefined, proof: Buffer): HttpReply => {
    if (!session || id !== session.id) return { status: 403 };
    const { client, device: seed } = session;
    const expected = device.version === 1 ? sha256(seed, auth) : sha256(seed, client, auth);
    if (!expected.equals(proof)) return { status: 403 };
    session.confirmed = true;
    return { status: 200 };
  };

  const request = (id: string | undefined, seq: number, body: Buffer): HttpReply => {
    if (!session?.confirmed || id !== session.id || clock.monotonic() > session.endsAt) return { status: 403 };
    const number = Buffer.alloc(4);
    number.writeInt32BE(seq | 0, 0);
    const secrets = [session.client, session.device, auth];
    const key = sha256("lsk", ...secrets).subarray(0, 16);
    const iv = Buffer.concat([sha256("iv", ...secrets).subarray(0, 12), number]);
    const signing = sha256("ldk", ...secrets).subarray(0, 28);
    const sealed = body.subarray(32);
    if (!sha256(signing, number, sealed).equals(body.subarray(0, 32))) return { status: 400 };
    const opened = open(key, iv, sealed);
    const asked = opened === undefined ? undefined : parse(opened);
    if (asked === undefined) return { status: 400 };
    const cipher = createCipheriv("aes-128-cbc", key, iv);
    const answer = Buffer.concat([cipher.update(JSON.stringify(parts.answer(asked))), cipher.final()]);
    return { status: 200, body: Buffer.concat([sha256(signing, number, answer), answer]) };
  };

  return {
    /** Ends the session, as a reboot does. */
    forget: () => (session = undefined),
    handle(path: string, query: URLSearchParams, id: string | undefined, body: Buffer): HttpReply | undefined {
      if (path === "/app/handshake1") return handshake1(body);
      if (path === "/app/handshake2") return handshake2(id, body);
      return path === "/app/request" ? request(id, Number(query.get("seq")), body) : undefined;
    },
  };
}

function open(key: Buffer, iv: Buffer, sealed: Buffer): string | undefined {
  try {
    const decipher = createDecipheriv("aes-128-cbc", key, iv);
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}

export const sessionIdIn = (request: IncomingMessage): string | undefined =>
  /TP_SESSIONID=([^;\s]+)/.exec(request.headers.cookie ?? "")?.[1];

export function replyWith(response: ServerResponse, { status, body, cookie }: HttpReply): void {
  if (cookie !== undefined) response.setHeader("set-cookie", cookie);
  response.writeHead(status, { "content-length": body?.length ?? 0 });
  response.end(body);
}
