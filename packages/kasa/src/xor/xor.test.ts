import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { decrypt, encrypt } from "./cipher";
import { createFrameReader, frameOf, MAX_FRAME_BYTES } from "./frames";

const vectors = (
  JSON.parse(readFileSync(join(__dirname, "../testing/vectors.json"), "utf8")) as {
    xor_tcp: { plain: string; frame_hex: string }[];
  }
).xor_tcp;

describe("XOR", () => {
  it.each(vectors)("frames $plain as the vector says, and reads it", ({ plain, frame_hex }) => {
    expect(frameOf(plain).toString("hex")).toBe(frame_hex);
    expect(createFrameReader().push(Buffer.from(frame_hex, "hex"))).toEqual([plain]);
  });

  it("decrypts what it encrypted, whatever it is", () => {
    fc.assert(fc.property(fc.uint8Array(), (plain) => expect(decrypt(encrypt(plain))).toEqual(Buffer.from(plain))));
  });

  it("reads any frames however TCP cuts them", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 40 })), (texts, cuts) => {
        const stream = Buffer.concat(texts.map(frameOf));
        const reader = createFrameReader();
        const read: string[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          read.push(...reader.push(stream.subarray(at, at + cut)));
          at += cut;
        }
        expect(read).toEqual(texts);
      }),
    );
  });

  it("refuses a length that no frame has, at once and not when that much has come", () => {
    for (const length of [0, MAX_FRAME_BYTES + 1, 0xffffffff]) {
      const header = Buffer.alloc(4);
      header.writeUInt32BE(length);
      expect(() => createFrameReader().push(header)).toThrow(expect.objectContaining({ code: "KASA_GARBAGE" }));
    }
  });
});
