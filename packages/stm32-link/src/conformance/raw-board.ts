/** A board spoken to frame by frame, with nothing made good on the way: for finding out what it really does. */
import { sleep, SkeinError, type Clock } from "@skein/kit";
import { decodeBody, encodeBody, nameOf } from "../codec";
import { Deframer, encodeFrame, type Frame } from "../frame";
import { messages, refusals, type BodyOf, type HostMessage, type MessageName } from "../messages";
import type { Wire } from "../wire";

export interface Heard {
  readonly name: MessageName | undefined;
  readonly frame: Frame;
}

export class RawBoard {
  readonly heard: Heard[] = [];
  private readonly deframer = new Deframer();
  private seq = 0;
  private wake: () => void = () => {};

  constructor(
    private readonly wire: Wire,
    private readonly clock: Clock,
  ) {
    wire.onData((bytes) => {
      for (const frame of this.deframer.take(bytes)) this.heard.push({ name: nameOf(frame.type), frame });
      this.wake();
    });
  }

  /** Damaged frames that the board sent. */
  get damaged(): number {
    return this.deframer.damage.damaged;
  }

  bytes(bytes: Uint8Array): void {
    this.wire.write(bytes);
  }

  nextSeq(): number {
    return (this.seq = (this.seq % 255) + 1);
  }

  /** @returns its `seq` */
  send<N extends HostMessage>(name: N, body: BodyOf<N>, seq = this.nextSeq()): number {
    this.raw(messages[name].type, encodeBody(name, body), seq);
    return seq;
  }

  raw(type: number, body: Uint8Array, seq = this.nextSeq()): number {
    this.wire.write(encodeFrame({ type, seq, ack: 0, body }));
    return seq;
  }

  /** The first frame heard from now on for which this holds. @throws SkeinError HUB_NO_ANSWER */
  async until(holds: (heard: Heard) => boolean, withinMs: number, what: string): Promise<Heard> {
    const end = this.clock.monotonic() + withinMs;
    for (let seen = 0; ;) {
      for (; seen < this.heard.length; seen++) {
        const one = this.heard[seen];
        if (one && holds(one)) {
          this.heard.splice(0, seen + 1);
          return one;
        }
      }
      const left = end - this.clock.monotonic();
      if (left <= 0) throw new SkeinError("HUB_NO_ANSWER", `${what} did not come within ${withinMs} ms.`);
      await Promise.race([new Promise<void>((resolve) => (this.wake = resolve)), sleep(this.clock, left)]);
    }
  }

  /** The answer to this `seq`. */
  answer(seq: number, withinMs = 1000): Promise<Heard> {
    return this.until(({ frame }) => frame.ack === seq, withinMs, `the answer to seq ${seq}`);
  }

  async ask<N extends HostMessage>(name: N, body: BodyOf<N>): Promise<Heard> {
    return this.answer(this.send(name, body));
  }

  /** @throws SkeinError HUB_REFUSED with why, where the board does not say yes */
  async yes<N extends HostMessage>(name: N, body: BodyOf<N>): Promise<void> {
    const answer = await this.ask(name, body);
    if (answer.name !== "ack")
      throw new SkeinError("HUB_REFUSED", `${name} was answered with ${said(answer)}, not ACK.`);
  }

  async no(seq: number, reason: keyof typeof refusals): Promise<void> {
    const answer = await this.answer(seq);
    const [code] = refusals[reason];
    if (answer.name !== "nak" || decodeBody("nak", answer.frame.body).code !== code)
      throw new SkeinError("HUB_REFUSED", `was answered with ${said(answer)}, not NAK ${reason}.`);
  }
}

export function said({ name, frame }: Heard): string {
  if (name !== "nak") return (name ?? `type ${frame.type}`).toUpperCase();
  const { code } = decodeBody("nak", frame.body);
  const reason = Object.entries(refusals).find(([, [each]]) => each === code)?.[0];
  return `NAK ${reason ?? code}`;
}
