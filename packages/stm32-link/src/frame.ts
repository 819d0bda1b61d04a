/** Frames on the line: `COBS(version, type, seq, ack, body, CRC-16 little-endian) 0`. What is damaged is counted and dropped, whatever it is. */
import { crc16ccitt } from "crc";
import { stuff, unstuff } from "./cobs";

export const FRAME_VERSION = 1;
export const MOST_BODY = 240;
const HEAD = 4;
const CRC = 2;
/** On the line, without the zero at the end. */
export const MOST_BLOCK = HEAD + MOST_BODY + CRC + 1;

export interface Frame {
  readonly type: number;
  /** 1-255 and round again; 0 is never used. */
  readonly seq: number;
  /** The `seq` of the frame that this one answers; 0 when it answers none. */
  readonly ack: number;
  readonly body: Uint8Array;
}

/** CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, `123456789` gives 0x29B1. */
const crcOf = (bytes: Uint8Array): number => crc16ccitt(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));

/** @throws RangeError for a body of more than 240 bytes */
export function encodeFrame({ type, seq, ack, body }: Frame): Buffer {
  if (body.length > MOST_BODY) throw new RangeError(`a body has ${MOST_BODY} bytes at most, this one ${body.length}`);
  const raw = Buffer.alloc(HEAD + body.length + CRC);
  raw.set([FRAME_VERSION, type, seq, ack]);
  raw.set(body, HEAD);
  raw.writeUInt16LE(crcOf(raw.subarray(0, -CRC)), raw.length - CRC);
  return Buffer.concat([stuff(raw), Buffer.of(0)]);
}

/** What was not taken since the start. */
export interface Damage {
  /** Blocks that are no frame, or whose CRC is wrong. */
  damaged: number;
  /** Bytes that belong to a block longer than any frame. */
  overlong: number;
  /** Whole frames of another version of the framing. */
  otherVersion: number;
}

/** Takes bytes as they come and gives frames. Keeps at most one frame's bytes, whatever comes. */
export class Deframer {
  readonly damage: Damage = { damaged: 0, overlong: 0, otherVersion: 0 };
  private readonly held = Buffer.alloc(MOST_BLOCK);
  private length = 0;
  private tooLong = false;

  /** @returns the frames that end in this chunk */
  take(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    for (const byte of chunk) {
      if (byte === 0) {
        const frame = this.end();
        if (frame) frames.push(frame);
      } else if (this.tooLong || this.length === MOST_BLOCK) {
        this.tooLong = true;
        this.damage.overlong++;
      } else this.held[this.length++] = byte;
    }
    return frames;
  }

  private end(): Frame | undefined {
    const { length, tooLong } = this;
    this.length = 0;
    this.tooLong = false;
    // Zeros between frames are silence, and how a host clears the line.
    if (length === 0) return undefined;
    const raw = tooLong ? undefined : unstuff(this.held.subarray(0, length));
    if (!raw || raw.length < HEAD + CRC || !intact(raw)) {
      this.damage.damaged++;
      return undefined;
    }
    const [version, type = 0, seq = 0, ack = 0] = raw;
    if (version !== FRAME_VERSION) {
      this.damage.otherVersion++;
      return undefined;
    }
    return { type, seq, ack, body: raw.slice(HEAD, -CRC) };
  }
}

const intact = (raw: Uint8Array): boolean =>
  crcOf(raw.subarray(0, -CRC)) === ((raw.at(-2) ?? 0) | ((raw.at(-1) ?? 0) << 8));
