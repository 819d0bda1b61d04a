/** A session with a device that speaks XOR: one TCP connection, kept open, one request on it at a time. */
import { connect, type Socket } from "node:net";
import type { Clock } from "@skein/kit";
import { connectionLost, garbage, jsonFrom, timedOut, unreachable } from "../failure";
import { LazyTimer } from "../lazy-timer";
import type { Endpoint, Session } from "../protocol";
import { SessionBase } from "../session-base";
import { createFrameReader, frameOf } from "./frames";

export interface SessionParts {
  readonly clock: Clock;
  /** How long a connection or an answer may take, ms. */
  readonly answerMs: number;
  /** Ends the opening, and the session. */
  readonly signal: AbortSignal;
}

/** @throws SkeinError KASA_UNREACHABLE */
export async function openXorSession(endpoint: Endpoint, parts: SessionParts): Promise<Session> {
  return new XorSession(endpoint, await dial(endpoint, parts), parts);
}

interface Waiting {
  resolve(answer: object): void;
  reject(reason: Error): void;
}

class XorSession extends SessionBase {
  readonly protocol = "xor";
  private readonly reader = createFrameReader();
  private readonly deadline: LazyTimer;
  private waiting: Waiting | undefined;

  constructor(
    endpoint: Endpoint,
    private readonly socket: Socket,
    private readonly parts: SessionParts,
  ) {
    super(endpoint);
    this.deadline = new LazyTimer(parts.clock, () => this.end(timedOut(endpoint, parts.answerMs)));
    socket.on("data", (chunk) => this.take(chunk));
    socket.on("error", (error) => this.end(connectionLost(endpoint, error)));
    socket.on("close", () => this.end(connectionLost(endpoint)));
  }

  request(request: object): Promise<object> {
    if (this.ended) return Promise.reject(this.ended);
    if (this.waiting) throw new Error("one request at a time");
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.deadline.set(this.parts.answerMs);
      this.socket.write(frameOf(JSON.stringify(request)));
    });
  }

  private take(chunk: Buffer): void {
    try {
      for (const text of this.reader.push(chunk)) {
        const waiting = this.waiting;
        // Nobody asked: a late answer would be taken for that of the next request from here on.
        if (!waiting) throw garbage(this.endpoint, "an answer that nobody asked for");
        const answer = jsonFrom(this.endpoint, text);
        this.waiting = undefined;
        this.deadline.clear();
        waiting.resolve(answer);
      }
    } catch (error) {
      this.end(error as Error);
    }
  }

  protected hangUp(reason: Error): void {
    this.socket.destroy();
    const waiting = this.waiting;
    this.waiting = undefined;
    this.deadline.close();
    waiting?.reject(reason);
  }
}

function dial(endpoint: Endpoint, { clock, answerMs, signal }: SessionParts): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...endpoint, noDelay: true, keepAlive: true, signal });
    const fail = (error: unknown) => {
      cancel();
      socket.destroy();
      reject(unreachable(endpoint, error));
    };
    const cancel = clock.setTimer(() => fail(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })), answerMs);
    socket.once("error", fail);
    socket.once("connect", () => {
      cancel();
      socket.off("error", fail);
      resolve(socket);
    });
  });
}
