/** A board in TypeScript at the other end of a wire in memory, for the link's tests: it keeps to the protocol, and can be made not to. */
import { decodeBody, encodeBody, nameOf } from "../codec";
import { crcOfDescriptions } from "../description";
import { Deframer, encodeFrame, type Frame } from "../frame";
import { messages, refusals, type BoardMessage, type BodyOf } from "../messages";
import type { OpenWire, Wire } from "../wire";
import { SkeinError } from "@skein/kit";

type Desc = Omit<BodyOf<"desc">, "index">;
export const LAMP: Desc = {
  channel: 1,
  name: "Lamp",
  kind: "led",
  direction: 1,
  unit: "%",
  min: 0,
  max: 100,
  step: 1,
  safe: 0,
  maxMs: 0,
  flags: 2,
};
export const ROOM: Desc = {
  ...LAMP,
  channel: 2,
  name: "Room",
  kind: "temperature",
  direction: 0,
  unit: "Cel",
  min: -40,
  max: 125,
  flags: 0,
};

export class FakeBoard {
  /** Every message taken and done, with those that were repeated once only. */
  readonly done: string[] = [];
  /** Every frame that came in. */
  heard = 0;
  /** Answers so many frames with nothing. */
  deaf = 0;
  /** Says of its description that it has another CRC than it has. */
  liesOfItsDescription = false;
  /** Of its own frames, so many are damaged on their way. */
  damages = 0;
  plugged = true;
  values = new Map<number, number>([[2, 21.5]]);
  private bootId: Uint8Array | undefined;
  private greeted = false;
  private lastSeq = 0;
  private lastRefusal: number | undefined;
  private readonly counters = new Map<number, number>();
  private seq = 0;
  private deframer = new Deframer();
  private listener: ((bytes: Uint8Array) => void) | undefined;
  private closed: ((reason: Error | undefined) => void) | undefined;

  constructor(
    readonly channels: readonly Desc[] = [LAMP, ROOM],
    readonly version: { major: number; minor: number } = { major: 1, minor: 0 },
  ) {}

  /** Of a channel's next sample. */
  count(channel: number): number {
    const counter = this.counters.get(channel) ?? 0;
    this.counters.set(channel, counter + 1);
    return counter;
  }

  readonly open: OpenWire = async (): Promise<Wire> => {
    if (!this.plugged) throw new SkeinError("HUB_LINE_UNUSABLE", "there is no such port.");
    this.deframer = new Deframer();
    return {
      write: (bytes) => queueMicrotask(() => this.deframer.take(bytes).forEach((frame) => this.take(frame))),
      onData: (listener) => (this.listener = listener),
      onClosed: (listener) => (this.closed = listener),
      close: async () => this.hangUp(undefined),
    };
  };

  pull(): void {
    this.plugged = false;
    this.hangUp(new SkeinError("HUB_LINE_CLOSED", "the port is gone."));
  }

  reset({ tells = true } = {}): void {
    this.bootId = undefined;
    this.greeted = false;
    this.values = new Map([[2, 21.5]]);
    if (tells) this.send("hello", this.hello(), 0);
  }

  tell<N extends BoardMessage>(name: N, body: BodyOf<N>): void {
    this.send(name, body, 0);
  }

  /** Bytes as they are, noise for instance. */
  say(bytes: Uint8Array): void {
    this.listener?.(bytes);
  }

  private hangUp(reason: Error | undefined): void {
    const { closed } = this;
    this.closed = undefined;
    this.listener = undefined;
    closed?.(reason);
  }

  private take(frame: Frame): void {
    this.heard++;
    if (this.deaf > 0) return void this.deaf--;
    try {
      this.answer(frame);
    } catch {
      this.send("nak", { code: refusals.malformed[0] }, frame.seq);
    }
  }

  private answer({ type, seq, body }: Frame): void {
    const name = nameOf(type);
    if (!name || messages[name].from === "board")
      return this.send("nak", { code: refusals["unknown-message"][0] }, seq);
    if (name === "helloReq") {
      this.bootId ??= decodeBody("helloReq", body).bootId;
      this.greeted = true;
      this.lastSeq = seq;
      return this.send("hello", this.hello(), seq);
    }
    if (!this.greeted) return this.send("nak", { code: refusals["hello-first"][0] }, seq);
    if (name === "descReq") {
      const { index } = decodeBody("descReq", body);
      const channel = this.channels[index];
      if (!channel) return this.send("nak", { code: refusals["unknown-channel"][0] }, seq);
      return this.send("desc", { index, ...channel }, seq);
    }
    if (name === "read") {
      const { channel } = decodeBody("read", body);
      return this.send(
        "sample",
        { channel, value: this.values.get(channel), counter: this.count(channel), atMs: 0 },
        seq,
      );
    }
    if (seq !== this.lastSeq) {
      this.lastSeq = seq;
      this.lastRefusal = undefined;
      if (name !== "ping") this.done.push(name ?? String(type));
      if (name === "set") {
        const { channel, value } = decodeBody("set", body);
        if (this.channels.some((each) => each.channel === channel)) this.values.set(channel, value);
        else this.lastRefusal = refusals["unknown-channel"][0];
      }
    }
    if (this.lastRefusal === undefined) this.send("ack", {}, seq);
    else this.send("nak", { code: this.lastRefusal }, seq);
  }

  private hello(): BodyOf<"hello"> {
    return {
      ...this.version,
      firmware: "1.0.0",
      board: "fake",
      bootId: this.bootId,
      resetCause: 1,
      channels: this.channels.length,
      descriptionCrc:
        (crcOfDescriptions(this.channels.map((channel, index) => encodeBody("desc", { index, ...channel }))) ^
          (this.liesOfItsDescription ? 1 : 0)) >>>
        0,
    };
  }

  private send<N extends BoardMessage>(name: N, body: BodyOf<N>, ack: number): void {
    this.seq = (this.seq % 255) + 1;
    const bytes = encodeFrame({ type: messages[name].type, seq: this.seq, ack, body: encodeBody(name, body) });
    if (this.damages > 0) {
      this.damages--;
      bytes[2] = (bytes[2] ?? 0) ^ 0x10 || 0x11;
    }
    this.say(bytes);
  }
}
