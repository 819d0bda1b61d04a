/** The device's side of AES passthrough: RSA key exchange, login, then JSON in encrypted JSON, all to `/app`. */
import { constants, createCipheriv, createDecipheriv, createHash, publicEncrypt } from "node:crypto";
import type { HttpReply } from "./klap-server";
import { parse, type ServerParts } from "./xor-server";

interface AesDevice {
  readonly username: string;
  readonly password: string;
  readonly timeoutS: number;
}

export function createAes({ username, password, timeoutS }: AesDevice, parts: ServerParts) {
  const { random, clock } = parts;
  let session: { id: string; key: Buffer; iv: Buffer; token: string | undefined; endsAt: number } | undefined;
  const login = {
    username: Buffer.from(createHash("sha1").update(username).digest("hex")).toString("base64"),
    // Newer firmware wants the hash (`lv: 2` in the discovery).
    password2: Buffer.from(createHash("sha1").update(password).digest("hex")).toString("base64"),
  };
  const json = (body: object, cookie?: string): HttpReply => ({
    status: 200,
    body: Buffer.from(JSON.stringify(body)),
    ...(cookie !== undefined && { cookie }),
  });

  const handshake = (key: unknown): HttpReply => {
    if (typeof key !== "string") return json({ error_code: -1008 });
    const secret = Buffer.from(random.bytes(32));
    let wrapped: Buffer;
    try {
      wrapped = publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, secret);
    } catch {
      return json({ error_code: -1010 });
    }
    session = {
      id: Buffer.from(random.bytes(16)).toString("hex"),
      key: secret.subarray(0, 16),
      iv: secret.subarray(16),
      token: undefined,
      endsAt: clock.monotonic() + timeoutS * 1000,
    };
    return json(
      { error_code: 0, result: { key: wrapped.toString("base64") } },
      `TP_SESSIONID=${session.id};TIMEOUT=${timeoutS}`,
    );
  };

  const within = (request: unknown, token: string | null): object => {
    const { method, params } = (request ?? {}) as {
      method?: unknown;
      params?: { username?: unknown; password2?: unknown };
    };
    if (!session) return { error_code: 9999 };
    if (method === "login_device") {
      if (params?.username !== login.username || params.password2 !== login.password2) {
        // A refused login ends the handshake: the next one answers 9999.
        session.endsAt = -Infinity;
        return { error_code: params?.password2 === undefined ? -1008 : -1501 };
      }
      session.token = Buffer.from(random.bytes(16)).toString("hex");
      return { error_code: 0, result: { token: session.token } };
    }
    return session.token !== undefined && session.token === token ? parts.answer(request) : { error_code: -1501 };
  };

  return {
    forget: () => (session = undefined),
    handle(path: string, query: URLSearchParams, id: string | undefined, body: Buffer): HttpReply | undefined {
      if (path !== "/app") return undefined;
      const asked = parse(body.toString()) as
        { method?: unknown; params?: { key?: unknown; request?: unknown } } | undefined;
      if (asked?.method === "handshake") return handshake(asked.params?.key);
      if (asked?.method !== "securePassthrough") return json({ error_code: -1002 });
      if (!session || id !== session.id || clock.monotonic() > session.endsAt) return json({ error_code: 9999 });
      try {
        const decipher = createDecipheriv("aes-128-cbc", session.key, session.iv);
        const sealed = Buffer.from(String(asked.params?.request), "base64");
        const request = parse(Buffer.concat([decipher.update(sealed), decipher.final()]).toString());
        const cipher = createCipheriv("aes-128-cbc", session.key, session.iv);
        const answer = JSON.stringify(within(request, query.get("token")));
        const response = Buffer.concat([cipher.update(answer), cipher.final()]).toString("base64");
        return json({ error_code: 0, result: { response } });
      } catch {
        return json({ error_code: -1005 });
      }
    },
  };
}
