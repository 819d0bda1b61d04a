import * as fc from "fast-check";
import { packBlock, unpackBlock } from "./block";
import { gapRow, goneRow, lastOf } from "./journal-rows";

const row = fc.record({
  at: fc.double({ noNaN: true }),
  monotonicMs: fc.double({ noNaN: true }),
  source: fc.constantFrom("bus", "core", "history"),
  kind: fc.constantFrom("state", "telemetry", "deploy"),
  topic: fc.string({ unit: "grapheme", maxLength: 40 }),
  payload: fc.uint8Array({ maxLength: 300 }),
  residents: fc.array(fc.constantFrom("anna", "ben", "carla"), { maxLength: 3 }),
});

describe("A block", () => {
  it("gives back the rows that were packed, and their bytes as they were", () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 2 ** 50 }),
        (parts, first) => {
          const rows = parts.map((part, at) => ({ ...part, seq: first + 3 * at }));
          const block = packBlock(rows);
          expect(unpackBlock(block.first, block.bytes)).toEqual(rows);
          expect([block.first, block.last, block.rows]).toEqual([rows[0]?.seq, rows.at(-1)?.seq, rows.length]);
          expect(block.atMax).toBe(Math.max(...rows.map(({ at }) => at)));
        },
      ),
    );
  });

  it("ends with what its last gap explains", () => {
    const block = packBlock([gapRow({ from: 7, to: 90 }, 1_000, 5)]);
    expect([block.first, block.last]).toEqual([7, 90]);
    expect(unpackBlock(block.first, block.bytes).map(lastOf)).toEqual([90]);
  });

  it("keeps of a forgotten row its number and times only", () => {
    const [anna] = unpackBlock(
      1,
      packBlock([
        {
          seq: 1,
          at: 5,
          monotonicMs: 6,
          source: "bus",
          kind: "event",
          topic: "t/anna",
          payload: Buffer.from("secret"),
          residents: ["anna"],
        },
      ]).bytes,
    ).map(goneRow);
    expect(anna).toEqual({
      seq: 1,
      at: 5,
      monotonicMs: 6,
      source: "bus",
      kind: "gone",
      topic: "",
      payload: new Uint8Array(0),
      residents: [],
    });
  });

  it("that was cut off is not taken for a whole one", () => {
    const { bytes } = packBlock([
      {
        seq: 1,
        at: 5,
        monotonicMs: 6,
        source: "bus",
        kind: "event",
        topic: "t",
        payload: Buffer.alloc(100),
        residents: [],
      },
    ]);
    expect(() => unpackBlock(1, bytes.subarray(0, bytes.length - 1))).toThrow(RangeError);
  });
});
