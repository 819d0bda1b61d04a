/**
 * A session with a device that speaks "AES passthrough": an RSA key exchange, a login, then encrypted JSON in JSON, all to `/app`.
 * Read in python-kasa's and others' sources (reference/kasa.md, "AES passthrough"), proven against our emulator only.
 */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  generateKeyPair,
  privateDecrypt,
  type KeyObject,
} from "node:crypto";
import { promisify } from "node:util";
import type { Clock } from "@skein/kit";
import { credentialsRefused, garbage, jsonFrom, protocolChanged, sessionTaken } from "../failure";
import { createHttpPost, livesMs, sessionCookie, type HttpPost } from "../http-post";
import { candidates } from "../klap/credentials";
import type { Credentials, Endpoint, Session } from "../protocol";
import { HttpSession } from "../session-base";

export interface AesParts {
  readonly clock: Clock;
  readonly answerMs: number;
  readonly credentials: Credentials | undefined;
  readonly signal: AbortSignal;
}

const OK = 0;
const SPEAKS_KLAP = 1003;
const LOGIN_REFUSED = -1501;
const WRONG_PARAMETER = -1008;
const SESSION_OVER = 9999;

/** @throws SkeinError KASA_UNREACHABLE, KASA_TIMEOUT, KASA_CONNECTION_LOST, KASA_GARBAGE, KASA_PROTOCOL_CHANGED, KASA_CREDENTIALS_REFUSED, KASA_SESSION_TAKEN */
export async function openAesSession(endpoint: Endpoint, parts: AesParts): Promise<Session> {
  const http = createHttpPost(endpoint, parts);
  try {
    return new AesSession(endpoint, http, parts, await logIn(endpoint, http, parts));
  } catch (error) {
    http.close();
    throw error;
  }
}

interface Login {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly cookie: string;
  readonly token: string;
  /** ms of the monotonic clock */
  readonly until: number;
}

class AesSession extends HttpSession {
  readonly protocol = "aes";

  constructor(
    endpoint: Endpoint,
    http: HttpPost,
    private readonly parts: AesParts,
    private login: Login,
  ) {
    super(endpoint, http);
  }

  protected async exchange(request: object): Promise<object> {
    const overdue = this.parts.clock.monotonic() > this.login.until;
    let answer = overdue ? undefined : await pass(this.endpoint, this.http, this.login, request);
    // A session that is over is told so, or by a token that it knows no more.
    if (answer === undefined || answer["error_code"] === LOGIN_REFUSED) {
      this.login = await logIn(this.endpoint, this.http, this.parts);
      answer = await pass(this.endpoint, this.http, this.login, request);
    }
    if (answer === undefined || answer["error_code"] === LOGIN_REFUSED) throw sessionTaken(this.endpoint);
    return answer;
  }
}

/**
 * Tries each user and password in both forms of the login: older firmware takes the password, newer its hash (`password2`), and nothing in the
 * handshake says which. A refused login ends the handshake, so each try has one of its own.
 */
async function logIn(endpoint: Endpoint, http: HttpPost, { clock, credentials }: AesParts): Promise<Login> {
  const keys = await promisify(generateKeyPair)("rsa", { modulusLength: 1024 });
  for (const { username, password } of candidates(credentials)) {
    const name = base64(sha1Hex(username));
    const forms = [{ password2: base64(sha1Hex(password)) }, { password: base64(password) }];
    for (const form of forms) {
      const session = await shakeHands(endpoint, http, keys, clock);
      const login = { method: "login_device", params: { username: name, ...form } };
      const answer = await pass(endpoint, http, session, login);
      if (answer === undefined) throw sessionTaken(endpoint);
      const token = (answer["result"] as { token?: unknown } | undefined)?.token;
      if (typeof token === "string") return { ...session, token };
      const error = answer["error_code"];
      // A form that it does not know is refused as a wrong parameter.
      if (error !== LOGIN_REFUSED && error !== WRONG_PARAMETER)
        throw garbage(endpoint, `error ${String(error)} at login`);
    }
  }
  throw credentialsRefused(endpoint, credentials !== undefined);
}

async function shakeHands(
  endpoint: Endpoint,
  http: HttpPost,
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
  clock: Clock,
): Promise<Login> {
  const key = publicKey.export({ type: "spki", format: "pem" }).toString();
  const { json, cookies } = await post(endpoint, http, "/app", { method: "handshake", params: { key } });
  const cookie = sessionCookie(cookies);
  const wrapped = (json["result"] as { key?: unknown } | undefined)?.key;
  if (!cookie || typeof wrapped !== "string") throw garbage(endpoint, "no key in the handshake");
  const secret = unwrap(privateKey, Buffer.from(wrapped, "base64"));
  if (secret?.length !== 32) throw garbage(endpoint, "the key in the handshake is none");
  const until = clock.monotonic() + livesMs(cookie);
  return { key: secret.subarray(0, 16), iv: secret.subarray(16), cookie: cookie.id, token: "", until };
}

/** The answer within; undefined where the session is over. */
async function pass(
  endpoint: Endpoint,
  http: HttpPost,
  { key, iv, cookie, token }: Login,
  request: object,
): Promise<Record<string, unknown> | undefined> {
  const cipher = createCipheriv("aes-128-cbc", key, iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(request)), cipher.final()]).toString("base64");
  const path = token === "" ? "/app" : `/app?token=${encodeURIComponent(token)}`;
  const outer = { method: "securePassthrough", params: { request: sealed } };
  const { json, status } = await post(endpoint, http, path, outer, { cookie: `TP_SESSIONID=${cookie}` });
  if (status === 403 || json["error_code"] === SESSION_OVER) return undefined;
  const response = (json["result"] as { response?: unknown } | undefined)?.response;
  if (typeof response !== "string") throw garbage(endpoint, `error ${String(json["error_code"])}`);
  const decipher = createDecipheriv("aes-128-cbc", key, iv);
  try {
    const plain = Buffer.concat([decipher.update(Buffer.from(response, "base64")), decipher.final()]);
    return jsonFrom(endpoint, plain.toString());
  } catch {
    throw garbage(endpoint, "it cannot be decrypted");
  }
}

async function post(
  endpoint: Endpoint,
  http: HttpPost,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<{ json: Record<string, unknown>; cookies: readonly string[]; status: number }> {
  const {
    status,
    body: answer,
    cookies,
  } = await http.post(path, Buffer.from(JSON.stringify(body)), {
    "content-type": "application/json",
    ...headers,
  });
  if (status === 403) return { json: {}, cookies, status };
  if (status !== 200) throw protocolChanged(endpoint, `it answers ${status} to AES`);
  const json = jsonFrom(endpoint, answer.toString());
  if (json["error_code"] === SPEAKS_KLAP) throw protocolChanged(endpoint, "it speaks KLAP (error 1003)");
  if (
    path === "/app" &&
    json["error_code"] !== OK &&
    json["result"] === undefined &&
    json["error_code"] !== SESSION_OVER
  )
    throw garbage(endpoint, `error ${String(json["error_code"])}`);
  return { json, cookies, status };
}

/**
 * RSA PKCS#1 v1.5 taken off by hand: Node 20's OpenSSL refuses that padding in a private decryption (CVE-2023-46809). The key is made for
 * one handshake and the failure is told to nobody, so that there is no oracle to ask.
 */
function unwrap(key: KeyObject, wrapped: Buffer): Buffer | undefined {
  let block: Buffer;
  try {
    block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, wrapped);
  } catch {
    return undefined;
  }
  const end = block.indexOf(0, 2);
  return block[0] === 0 && block[1] === 2 && end >= 10 ? block.subarray(end + 1) : undefined;
}

const sha1Hex = (text: string): string => createHash("sha1").update(text).digest("hex");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
