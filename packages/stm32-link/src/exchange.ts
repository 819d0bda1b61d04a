/**
 * Asking a board: one question is under way (window 1); it is repeated under the same number, which the board answers again without doing it
 * again, and given up after some tries. Serial lines are short, so a lost frame is damaged and not late.
 */
import { SkeinError, type CancelTimer, type Clock } from "@skein/kit";
import { decodeBody, encodeBody, nameOf } from "./codec";
import { encodeFrame, type Frame } from "./frame";
import { messages, refusals, type BodyOf, type HostMessage } from "./messages";

/** What answers what; all others are acknowledged. */
export interface Answers {
  helloReq: BodyOf<"hello">;
  descReq: { readonly body: BodyOf<"desc">; readonly bytes: Uint8Array };
  read: BodyOf<"sample">;
}
export type AnswerTo<N extends HostMessage> = N extends keyof Answers ? Answers[N] : void;

export interface ExchangeTimes {
  /** An answer is waited for so long, ms. */
  readonly ackMs: number;
  /** A question is sent so often at most. */
  readonly tries: number;
}

interface Question {
  readonly name: HostMessage;
  readonly body: Uint8Array;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const ANSWER_TYPES: Partial<Record<HostMessage, "hello" | "desc" | "sample">> = {
  helloReq: "hello",
  descReq: "desc",
  read: "sample",
};

export class Exchange {
  private waiting: Question[] = [];
  private asked: { readonly question: Question; readonly seq: number; tries: number } | undefined;
  private seq = 0;
  private cancel: CancelTimer = () => {};
  private ended: Error | undefined;

  constructor(
    private readonly send: (bytes: Uint8Array) => void,
    private readonly clock: Pick<Clock, "setTimer">,
    private readonly times: ExchangeTimes,
    /** A question got no answer after all tries: whoever owns the line judges what that means. */
    private readonly unanswered: (error: SkeinError) => void,
  ) {}

  get idle(): boolean {
    return this.asked === undefined && this.waiting.length === 0;
  }

  /**
   * @param urgent goes before what waits
   * @throws SkeinError HUB_MESSAGE_INVALID, HUB_REFUSED, HUB_NO_ANSWER, or what `end` was told
   */
  ask<N extends HostMessage>(name: N, body: BodyOf<N>, urgent = false): Promise<AnswerTo<N>> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      const question: Question = {
        name,
        body: encodeBody(name, body),
        resolve: resolve as (answer: unknown) => void,
        reject,
      };
      if (urgent) this.waiting.unshift(question);
      else this.waiting.push(question);
      this.next();
    });
  }

  /** @returns whether the frame was an answer to what is under way */
  take({ type, ack, body }: Frame): boolean {
    const { asked } = this;
    if (!asked || ack !== asked.seq) return false;
    const { name, resolve, reject } = asked.question;
    const said = nameOf(type);
    if (said !== "nak" && said !== (ANSWER_TYPES[name] ?? "ack")) return false;
    try {
      if (said === "nak") reject(refused(name, decodeBody("nak", body).code));
      else if (said === "desc") resolve({ body: decodeBody("desc", body), bytes: body });
      else if (said === "hello" || said === "sample") resolve(decodeBody(said, body));
      else resolve(undefined);
    } catch (error) {
      reject(error as Error);
    }
    this.over();
    return true;
  }

  /** Nobody is left waiting; whether what was under way was done is not known. */
  end(error: Error): void {
    this.ended = error;
    this.cancel();
    const all = [...(this.asked ? [this.asked.question] : []), ...this.waiting];
    this.asked = undefined;
    this.waiting = [];
    for (const { reject } of all) reject(error);
  }

  private next(): void {
    if (this.asked) return;
    const question = this.waiting.shift();
    if (!question) return;
    this.seq = (this.seq % 255) + 1;
    this.asked = { question, seq: this.seq, tries: 0 };
    this.try();
  }

  private try(): void {
    const { asked } = this;
    if (!asked) return;
    if (asked.tries === this.times.tries) {
      const error = new SkeinError(
        "HUB_NO_ANSWER",
        `the board did not answer to ${asked.question.name} within ${this.times.tries} × ${this.times.ackMs} ms.`,
        { hint: "Is its cable whole, and does its firmware run (the lamp blinks)?" },
      );
      this.asked = undefined;
      asked.question.reject(error);
      // The owner of the line first: it may end all of this, and then what waits is not to be sent.
      this.unanswered(error);
      return this.next();
    }
    asked.tries++;
    this.send(
      encodeFrame({ type: messages[asked.question.name].type, seq: asked.seq, ack: 0, body: asked.question.body }),
    );
    this.cancel = this.clock.setTimer(() => this.try(), this.times.ackMs);
  }

  private over(): void {
    this.cancel();
    this.asked = undefined;
    this.next();
  }
}

const REFUSALS = new Map(
  Object.entries(refusals).map(([name, [code, says]]): [number, readonly [string, string]] => [code, [name, says]]),
);

function refused(name: HostMessage, code: number): HubRefusal {
  const [reason, says] = REFUSALS.get(code) ?? [`refusal-${code}`, "a newer firmware says more than this host knows"];
  return new HubRefusal(reason, `the board refuses ${name}: ${says} (${reason}).`);
}

/** A board's no, which changes nothing. `reason` is a name of `refusals`. */
export class HubRefusal extends SkeinError {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super("HUB_REFUSED", message);
  }
}
