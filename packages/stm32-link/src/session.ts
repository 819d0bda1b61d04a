/** One session on a line that is open: the handshake, the channels, the signs of life, and how it ended. */
import { hasCode, messageOf, SkeinError, type CancelTimer, type Clock, type Logger, type Random } from "@skein/kit";
import { decodeBody, nameOf } from "./codec";
import { describe, type Channel, type DescriptionCache } from "./description";
import { Exchange, type ExchangeTimes } from "./exchange";
import type { Frame } from "./frame";
import { Gaps } from "./gaps";
import { refusals, VERSION, type BodyOf, type MessageName } from "./messages";

export interface Board {
  readonly hello: BodyOf<"hello">;
  readonly channels: readonly Channel[];
  /** Hexadecimal; another one means that the board was reset. */
  readonly bootId: string;
}

/** What a board tells unasked. */
export type Told =
  /** `missed` samples of this channel just before it were lost. */
  | { readonly type: "sample"; readonly sample: BodyOf<"sample">; readonly missed: number }
  | { readonly type: "event"; readonly event: BodyOf<"event">; readonly missed: number }
  | { readonly type: "heartbeat"; readonly heartbeat: BodyOf<"heartbeat"> };

/** `line` tells whether the board is mute on a line that is open, or the line itself is gone. */
export interface End {
  readonly line: "open" | "closed";
  readonly error: SkeinError;
}

export interface SessionParts extends ExchangeTimes {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly hostLossMs: number;
  readonly descriptions: DescriptionCache;
  readonly write: (bytes: Uint8Array) => void;
  readonly tell: (told: Told) => void;
}

export class Session {
  board: Board | undefined;
  readonly ended: Promise<End>;
  readonly exchange: Exchange;
  private readonly gaps = new Gaps();
  private resolveEnded: (end: End) => void = () => {};
  private keepAwake: CancelTimer = () => {};
  private over = false;

  constructor(private readonly parts: SessionParts) {
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
    const send = (bytes: Uint8Array) => {
      parts.write(bytes);
      this.stayAwake();
    };
    this.exchange = new Exchange(send, parts.clock, parts, (error) => this.end({ line: "open", error }));
  }

  get missed(): number {
    return this.gaps.missed;
  }

  /** @throws SkeinError HUB_NO_ANSWER, HUB_VERSION, HUB_DESCRIPTION_DAMAGED, HUB_REFUSED, HUB_MESSAGE_INVALID */
  async begin(): Promise<Board> {
    const { hostLossMs, random, descriptions } = this.parts;
    const hello = await this.exchange.ask("helloReq", { ...VERSION, bootId: random.bytes(8), hostLossMs });
    if (hello.major !== VERSION.major)
      throw new SkeinError(
        "HUB_VERSION",
        `the board speaks version ${hello.major} of the link, this host ${VERSION.major}.`,
        {
          hint: "Update whichever is older.",
        },
      );
    const channels = await describe(this.exchange, hello, descriptions);
    this.board = { hello, channels, bootId: Buffer.from(hello.bootId ?? []).toString("hex") };
    return this.board;
  }

  take(frame: Frame): void {
    if (this.over) return;
    const name = nameOf(frame.type);
    if (this.exchange.take(frame)) return this.tookAnswer(name, frame);
    if (!this.board) return;
    // The board tells of its reset; where that was lost, it says no to whatever comes next.
    if (name === "hello") return this.end({ line: "open", error: wasReset() });
    try {
      if (name === "sample") {
        const sample = decodeBody("sample", frame.body);
        this.parts.tell({ type: "sample", sample, missed: this.gaps.take(sample.counter, sample.channel) });
      } else if (name === "event") {
        const event = decodeBody("event", frame.body);
        this.parts.tell({ type: "event", event, missed: this.gaps.take(event.counter, "events") });
      } else if (name === "heartbeat")
        this.parts.tell({ type: "heartbeat", heartbeat: decodeBody("heartbeat", frame.body) });
    } catch (error) {
      this.notUnderstood(error);
    }
  }

  /** What an answer says besides. It was understood, or its question was refused. */
  private tookAnswer(name: MessageName | undefined, { body }: Frame): void {
    try {
      // An answer to READ counts as a sample of its channel.
      if (name === "sample") {
        const { counter, channel } = decodeBody("sample", body);
        this.gaps.take(counter, channel);
      }
      if (this.board && name === "nak" && decodeBody("nak", body).code === refusals["hello-first"][0])
        this.end({ line: "open", error: wasReset() });
    } catch (error) {
      this.notUnderstood(error);
    }
  }

  private notUnderstood(error: unknown): void {
    if (!hasCode(error, "HUB_MESSAGE_INVALID")) throw error;
    this.parts.logger.debug({ reason: messageOf(error) }, "a message of the board is not understood");
  }

  /** Who waits for an answer is told that nobody knows whether it was done. */
  end(how: End): void {
    if (this.over) return;
    this.over = true;
    this.keepAwake();
    this.exchange.end(how.error);
    this.resolveEnded(how);
  }

  private stayAwake(): void {
    this.keepAwake();
    this.keepAwake = this.parts.clock.setTimer(() => {
      // What is under way is a sign of life by itself. A ping in vain ends the session by itself.
      if (this.exchange.idle) this.exchange.ask("ping", {}).catch(() => undefined);
      else this.stayAwake();
    }, this.parts.hostLossMs / 4);
  }
}

const wasReset = (): SkeinError =>
  new SkeinError("HUB_RESET", "the board was reset; whether what it was just told was done is not known.", {
    hint: "Its outputs are at their safe values, and nothing is armed.",
  });
