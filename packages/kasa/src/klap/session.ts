/** A session with a device that speaks KLAP: a handshake that proves the password both ways, then signed, encrypted bodies over HTTP. */
import type { Clock, Random } from "@skein/kit";
import { hasCode } from "@skein/kit";
import { credentialsRefused, garbage, jsonFrom, protocolChanged, sessionTaken } from "../failure";
import { createHttpPost, livesMs, sessionCookie, type HttpAnswer, type HttpPost } from "../http-post";
import type { Credentials, Endpoint, Protocol, Session } from "../protocol";
import { HttpSession } from "../session-base";
import { authHash, clientHash, KlapCipher, serverHash, type KlapVersion } from "./cipher";
import { candidates } from "./credentials";

export interface KlapParts {
  readonly clock: Clock;
  readonly random: Random;
  /** How long a connection or an answer may take, ms. */
  readonly answerMs: number;
  readonly credentials: Credentials | undefined;
  readonly signal: AbortSignal;
}

/** @throws SkeinError KASA_UNREACHABLE, KASA_TIMEOUT, KASA_CONNECTION_LOST, KASA_GARBAGE, KASA_PROTOCOL_CHANGED, KASA_CREDENTIALS_REFUSED, KASA_SESSION_TAKEN */
export async function openKlapSession(endpoint: Endpoint, parts: KlapParts): Promise<Session> {
  const http = createHttpPost(endpoint, parts);
  try {
    return new KlapSession(endpoint, http, parts, await shakeHands(endpoint, http, parts));
  } catch (error) {
    http.close();
    throw error;
  }
}

interface Handshake {
  readonly version: KlapVersion;
  readonly cipher: KlapCipher;
  readonly cookie: string;
  /** ms of the monotonic clock */
  readonly until: number;
}

class KlapSession extends HttpSession {
  constructor(
    endpoint: Endpoint,
    http: HttpPost,
    private readonly parts: KlapParts,
    private hands: Handshake,
  ) {
    super(endpoint, http);
  }

  get protocol(): Protocol {
    return `klap-v${this.hands.version}`;
  }

  protected async exchange(request: object): Promise<object> {
    const text = JSON.stringify(request);
    if (this.parts.clock.monotonic() > this.hands.until) await this.again();
    // 403: our session is over, most often because another client shook hands. Once is everyday life, twice running is a fight.
    let answer = await this.send(text);
    if (answer.status === 403) {
      await this.again();
      answer = await this.send(text);
    }
    if (answer.status === 403) throw sessionTaken(this.endpoint);
    if (answer.status === 404) throw protocolChanged(this.endpoint, "it knows nothing of KLAP any more");
    if (answer.status !== 200) throw garbage(this.endpoint, `it answers ${answer.status}`);
    const plain = this.hands.cipher.decrypt(answer.body, this.hands.cipher.seq);
    if (plain === undefined) throw garbage(this.endpoint, "its signature is wrong");
    return jsonFrom(this.endpoint, plain);
  }

  private send(text: string): Promise<HttpAnswer> {
    const { cipher, cookie } = this.hands;
    const body = cipher.encrypt(text);
    return this.http.post(`/app/request?seq=${cipher.seq}`, body, { cookie: `TP_SESSIONID=${cookie}` });
  }

  /** A device that was updated since takes the new handshake: but what it speaks is another protocol, which is news. */
  private async again(): Promise<void> {
    const { version } = this.hands;
    this.hands = await shakeHands(this.endpoint, this.http, this.parts);
    if (this.hands.version !== version)
      throw protocolChanged(this.endpoint, `KLAP's version ${this.hands.version}, and no longer ${version}`);
  }
}

/** Both halves; once more when another client came in between them. */
async function shakeHands(endpoint: Endpoint, http: HttpPost, parts: KlapParts): Promise<Handshake> {
  try {
    return await shakeHandsOnce(endpoint, http, parts);
  } catch (error) {
    if (!hasCode(error, "KASA_SESSION_TAKEN")) throw error;
    return shakeHandsOnce(endpoint, http, parts);
  }
}

async function shakeHandsOnce(endpoint: Endpoint, http: HttpPost, parts: KlapParts): Promise<Handshake> {
  const { clock, random, credentials } = parts;
  const local = random.bytes(16);
  const first = await http.post("/app/handshake1", Buffer.from(local));
  if (first.status === 403) throw sessionTaken(endpoint);
  if (first.status === 404) throw protocolChanged(endpoint, "it knows nothing of KLAP's handshake");
  if (first.status !== 200) throw garbage(endpoint, `it answers ${first.status} to KLAP's handshake`);
  // An AES device answers JSON (error_code 1003) where a KLAP device sends 48 bytes, of which one in 256 begins with a brace as well.
  if (isJson(first.body)) throw protocolChanged(endpoint, "it answers JSON to KLAP's handshake");
  if (first.body.length !== 48) throw garbage(endpoint, `${first.body.length} bytes to KLAP's handshake, not 48`);
  const cookie = sessionCookie(first.cookies);
  if (!cookie) throw garbage(endpoint, "no session cookie in KLAP's handshake");
  const seeds = { local, remote: first.body.subarray(0, 16) };
  const proof = first.body.subarray(16);
  for (const candidate of candidates(credentials)) {
    for (const version of [2, 1] as const) {
      const auth = authHash(version, candidate);
      if (!serverHash(version, seeds, auth).equals(proof)) continue;
      const second = await http.post("/app/handshake2", clientHash(version, seeds, auth), {
        cookie: `TP_SESSIONID=${cookie.id}`,
      });
      // It has proven that it knows the password, so what it refuses is not the password.
      if (second.status === 403) throw sessionTaken(endpoint);
      if (second.status !== 200) throw garbage(endpoint, `it answers ${second.status} to KLAP's handshake`);
      return {
        version,
        cipher: new KlapCipher(seeds, auth),
        cookie: cookie.id,
        until: clock.monotonic() + livesMs(cookie),
      };
    }
  }
  throw credentialsRefused(endpoint, credentials !== undefined);
}

function isJson(body: Buffer): boolean {
  try {
    return typeof JSON.parse(body.toString()) === "object";
  } catch {
    return false;
  }
}
