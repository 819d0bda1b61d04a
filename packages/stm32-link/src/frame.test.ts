import * as fc from "fast-check";
import { stuff, unstuff } from "./cobs";
import { Deframer, encodeFrame, MOST_BLOCK, MOST_BODY, type Frame } from "./frame";

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  seq: fc.integer({ min: 1, max: 255 }),
  ack: fc.integer({ min: 0, max: 255 }),
  body: fc.uint8Array({ maxLength: MOST_BODY }),
});

describe("Stuffing", () => {
  // The examples of Cheshire and Baker's paper, as Wikipedia gives them.
  it.each([
    ["00", "0101"],
    ["0000", "010101"],
    ["11220033", "0311220233"],
    ["11223344", "0511223344"],
    ["11000000", "0211010101"],
    ["", "01"],
  ])("%s becomes %s and comes back", (plain, stuffed) => {
    expect(Buffer.from(stuff(Buffer.from(plain, "hex"))).toString("hex")).toBe(stuffed);
    expect(Buffer.from(unstuff(Buffer.from(stuffed, "hex")) ?? []).toString("hex")).toBe(plain);
  });

  it.each([
    ["nothing", ""],
    ["a length beyond its end", "0511"],
    ["a zero as a length", "0011"],
    ["a zero in its midst", "031100"],
  ])("refuses %s", (_, block) => expect(unstuff(Buffer.from(block, "hex"))).toBeUndefined());
});

describe("Frames", () => {
  it("come back whole, however they are cut into chunks, with noise and silence between them", () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 40 })), (frames, cuts) => {
        const line = Buffer.concat(frames.flatMap((frame) => [Buffer.of(0), encodeFrame(frame), Buffer.of(7, 7, 0)]));
        const deframer = new Deframer();
        const got: Frame[] = [];
        for (let at = 0, n = 0; at < line.length; n++) {
          const size = cuts.length === 0 ? line.length : (cuts[n % cuts.length] ?? 1);
          got.push(...deframer.take(line.subarray(at, at + size)));
          at += size;
        }
        expect(got.map((frame) => ({ ...frame, body: [...frame.body] }))).toEqual(
          frames.map((frame) => ({ ...frame, body: [...frame.body] })),
        );
        expect(deframer.damage.damaged).toBe(frames.length);
      }),
    );
  });

  it("with one wrong bit are never taken", () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), fc.integer({ min: 0, max: 7 }), (frame, where, bit) => {
        const line = encodeFrame(frame);
        const index = where % (line.length - 1);
        line[index] = (line[index] ?? 0) ^ (1 << bit);
        const got = new Deframer().take(line);
        // A bit that makes a zero cuts it in two; no half is a frame.
        expect(got).toEqual([]);
      }),
    );
  });

  it("longer than any frame are let go byte by byte, and the next one is taken", () => {
    const deframer = new Deframer();
    deframer.take(Buffer.alloc(1_000_000, 7));
    expect(deframer.damage.overlong).toBe(1_000_000 - MOST_BLOCK);
    const ping = encodeFrame({ type: 4, seq: 1, ack: 0, body: Buffer.of(0xa0) });
    expect(deframer.take(Buffer.concat([Buffer.of(0), ping]))).toHaveLength(1);
  });

  it("of a random megabyte are none", () => {
    const deframer = new Deframer();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2000, maxLength: 4000 }), (noise) => {
        expect(deframer.take(noise)).toEqual([]);
      }),
    );
  });

  it("of another version of the framing are counted apart", () => {
    const deframer = new Deframer();
    // version 2, type 4, seq 1, ack 0, no body, and the right CRC.
    expect(deframer.take(withVersion(2))).toEqual([]);
    expect(deframer.damage).toEqual({ damaged: 0, overlong: 0, otherVersion: 1 });
  });

  it("have 240 bytes of body at most", () => {
    expect(() => encodeFrame({ type: 1, seq: 1, ack: 0, body: Buffer.alloc(241) })).toThrow(RangeError);
    expect(encodeFrame({ type: 1, seq: 1, ack: 0, body: Buffer.alloc(240, 1) })).toHaveLength(MOST_BLOCK + 1);
  });
});

function withVersion(version: number): Buffer {
  const raw = Buffer.from(unstuff(encodeFrame({ type: 4, seq: 1, ack: 0, body: Buffer.of() }).subarray(0, -1)) ?? []);
  raw[0] = version;
  let crc = 0xffff;
  for (const byte of raw.subarray(0, -2)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  raw.writeUInt16LE(crc, raw.length - 2);
  return Buffer.concat([stuff(raw), Buffer.of(0)]);
}
