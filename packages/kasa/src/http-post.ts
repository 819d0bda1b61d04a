/** POST as the devices' small web servers want it: one connection that is kept, bodies of bounded size, failures told apart. */
import { Agent, request } from "node:http";
import type { Clock } from "@skein/kit";
import { hasCode } from "@skein/kit";
import { connectionLost, garbage, timedOut, unreachable } from "./failure";
import type { Endpoint } from "./protocol";

const MAX_BODY_BYTES = 256 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly cookies: readonly string[];
}

export interface HttpPost {
  /** @throws SkeinError KASA_UNREACHABLE, KASA_CONNECTION_LOST, KASA_TIMEOUT, KASA_GARBAGE */
  post(path: string, body: Buffer, headers?: Record<string, string>): Promise<HttpAnswer>;
  /** What is under way fails then. */
  close(): void;
}

export interface HttpPostParts {
  readonly clock: Clock;
  /** How long a connection or an answer may take, ms. */
  readonly answerMs: number;
  /** Closes it. */
  readonly signal: AbortSignal;
}

export function createHttpPost(endpoint: Endpoint, { clock, answerMs, signal }: HttpPostParts): HttpPost {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let closed = false;
  const close = () => {
    closed = true;
    signal.removeEventListener("abort", close);
    agent.destroy();
  };
  signal.addEventListener("abort", close);
  return {
    post(path, body, headers = {}) {
      return new Promise((resolve, reject) => {
        // The agent would connect anew.
        if (closed || signal.aborted) return reject(connectionLost(endpoint));
        let connected = false;
        const outgoing = request({
          ...endpoint,
          path,
          method: "POST",
          agent,
          headers: { ...headers, "content-length": body.length },
        });
        const fail = (error: Error) => {
          cancel();
          outgoing.destroy();
          reject(error);
        };
        const cancel = clock.setTimer(
          () =>
            fail(
              connected
                ? timedOut(endpoint, answerMs)
                : unreachable(endpoint, Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
            ),
          answerMs,
        );
        outgoing.on("socket", (socket) => {
          if (!socket.connecting) connected = true;
          else socket.once("connect", () => (connected = true));
        });
        outgoing.on("error", (error) => {
          if (hasCode(error) && error.code.startsWith("HPE_")) fail(garbage(endpoint, "no HTTP"));
          else fail(connected ? connectionLost(endpoint, error) : unreachable(endpoint, error));
        });
        outgoing.on("response", (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > MAX_BODY_BYTES) fail(garbage(endpoint, `a body of more than ${MAX_BODY_BYTES} bytes`));
            else chunks.push(chunk);
          });
          response.on("error", (error) => fail(connectionLost(endpoint, error)));
          response.on("end", () => {
            cancel();
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks),
              cookies: response.headers["set-cookie"] ?? [],
            });
          });
        });
        outgoing.end(body);
      });
    },
    close,
  };
}

/** The session cookie and how long it lives, s: `TP_SESSIONID=...;TIMEOUT=86400` in one cookie or two. */
export function sessionCookie(
  cookies: readonly string[],
): { readonly id: string; readonly timeoutS: number } | undefined {
  const all = cookies.join(";");
  const id = /TP_SESSIONID=([^;,\s]+)/.exec(all)?.[1];
  return id === undefined ? undefined : { id, timeoutS: Number(/TIMEOUT=(\d+)/.exec(all)?.[1] ?? 86_400) };
}

/** A session is given up this long before the device would end it, s. */
const MARGIN_S = 1200;
export const livesMs = ({ timeoutS }: { readonly timeoutS: number }): number =>
  Math.max(timeoutS - MARGIN_S, timeoutS / 2) * 1000;
