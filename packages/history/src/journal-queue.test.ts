import * as fc from "fast-check";
import { JournalQueue } from "./journal-queue";
import { addToGaps, GAP, type JournalRow, lastOf } from "./journal-rows";

const appended = (kind: string, size = 10): Omit<JournalRow, "seq"> => ({
  at: 0,
  monotonicMs: 0,
  source: "bus",
  kind,
  topic: "t",
  payload: new Uint8Array(size),
  residents: [],
});
const takeAll = (queue: JournalQueue, base = 0) => queue.take({ maxRows: Infinity, maxBytes: Infinity }, base, 0, 0);

describe("What waits for the journal", () => {
  it("comes out in order, numbered from where the file ends", () => {
    const queue = new JournalQueue({ maxRows: 10, maxBytes: 10_000 });
    for (const kind of ["state", "telemetry", "event"]) queue.push(appended(kind));
    expect(takeAll(queue, 100).map(({ seq, kind }) => [seq, kind])).toEqual([
      [101, "state"],
      [102, "telemetry"],
      [103, "event"],
    ]);
  });

  it("loses the oldest telemetry first when there is too much, and says which numbers went", () => {
    const queue = new JournalQueue({ maxRows: 10, maxBytes: 100_000 });
    for (let n = 0; n < 6; n++) {
      queue.push(appended("telemetry"));
      queue.push(appended("command"));
    }
    const left = takeAll(queue);
    expect(left.filter(({ kind }) => kind === "command")).toHaveLength(6);
    expect(left.filter(({ kind }) => kind === GAP).map((gap) => [gap.seq, lastOf(gap)])).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(queue.state()).toMatchObject({ droppedTelemetry: 2, droppedOther: 0 });
  });

  it("loses the rest only when no telemetry is left", () => {
    const queue = new JournalQueue({ maxRows: 10, maxBytes: 100_000 });
    queue.push(appended("telemetry"));
    for (let n = 0; n < 12; n++) queue.push(appended("event"));
    expect(queue.state()).toMatchObject({ droppedTelemetry: 1 });
    expect(queue.state().droppedOther).toBeGreaterThan(0);
    expect(queue.state().rows).toBeLessThanOrEqual(10);
  });

  it("is bounded in bytes as well", () => {
    const queue = new JournalQueue({ maxRows: 1_000_000, maxBytes: 10_000 });
    for (let n = 0; n < 1_000; n++) queue.push(appended("telemetry", 1_000));
    expect(queue.state().bytes).toBeLessThanOrEqual(10_000);
  });

  it("explains every number, whatever was dropped, taken and put back", () => {
    const step = fc.oneof(
      fc.record({ push: fc.constantFrom("telemetry", "event"), size: fc.integer({ min: 0, max: 400 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 8 }), fails: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.nat(1000), (steps, base) => {
        const queue = new JournalQueue({ maxRows: 12, maxBytes: 2_000 });
        const saved: JournalRow[] = [];
        for (const one of steps) {
          if ("push" in one) queue.push(appended(one.push, one.size));
          else {
            const taken = queue.take({ maxRows: one.take, maxBytes: 1_000 }, base, 0, 0);
            if (one.fails) queue.putBack(taken, base);
            else saved.push(...taken);
          }
        }
        saved.push(...takeAll(queue, base));
        let next = base + 1;
        for (const row of saved) {
          expect(row.seq).toBe(next);
          next = lastOf(row) + 1;
        }
        expect(next).toBe(base + steps.filter((one) => "push" in one).length + 1);
        expect(queue.state()).toMatchObject({ rows: 0, bytes: 0 });
      }),
    );
  });

  it("lets go of what turns out to be saved", () => {
    const queue = new JournalQueue({ maxRows: 10, maxBytes: 10_000 });
    for (const kind of ["state", "telemetry", "event", "telemetry"]) queue.push(appended(kind));
    queue.discardTo(2);
    expect(takeAll(queue).map(({ seq }) => seq)).toEqual([3, 4]);
  });
});

describe("Gaps", () => {
  it("that touch are one", () => {
    expect(
      addToGaps(
        [
          { from: 1, to: 3 },
          { from: 9, to: 9 },
        ],
        [4, 6, 8],
      ),
    ).toEqual([
      { from: 1, to: 4 },
      { from: 6, to: 6 },
      { from: 8, to: 9 },
    ]);
  });
});
