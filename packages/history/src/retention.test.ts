/** Limits that hold: on the store itself, so that a day passes by saying so. */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { systemRandom } from "@skein/kit";
import { packBlock, unpackBlock } from "./block";
import { defaultRetention, type Retention } from "./limits";
import { Store } from "./store";
import { createTestHistory, type TestHistory } from "./testing/house";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MB = 1024 ** 2;
const NOW = Date.UTC(2026, 5, 1);

describe("The file", () => {
  /** What no compression makes smaller; each row takes the bytes that come next. */
  const noise = systemRandom.bytes(12 * MB);
  let house: TestHistory;
  let store: Store;
  let next: number;
  const open = (retention: Partial<Retention> = {}) => {
    ({ store } = Store.open(house.file, { ...defaultRetention, ...retention }, NOW));
  };
  /** A block of so many rows that no compression makes smaller. */
  const write = (count: number, at = NOW, bytes = 1_000) => {
    const block = packBlock(
      Array.from({ length: count }, (_, n) => ({
        seq: next + n,
        at,
        monotonicMs: 0,
        source: "bus",
        kind: "event",
        topic: "t",
        payload: noise.subarray(((next + n) * bytes) % (11 * MB)).subarray(0, bytes),
        residents: [],
      })),
    );
    next += count;
    return store.write({ now: NOW, block });
  };
  /** Time passes as the clock goes, but where it is said to have been less. */
  const care = (now = NOW, monotonicMs = now) => {
    for (let slices = 0; store.maintain({ now, monotonicMs }); slices++)
      if (slices > 10_000) throw new Error("it never ends");
  };
  const seqs = () => {
    const all: number[] = [];
    for (let page = store.journalPage(0); page; page = store.journalPage(page.last))
      all.push(...unpackBlock(page.first, page.bytes).map(({ seq }) => seq));
    return all;
  };

  beforeEach(() => {
    house = createTestHistory();
    next = 1;
  });
  afterEach(async () => {
    store.close();
    await house.end();
  });

  it("never holds more of the journal than it may, after no commit; the newest stays, without a hole", () => {
    open({ journalBytes: 2 * MB });
    for (let n = 0; n < 100; n++) expect(write(100).journalBytes).toBeLessThanOrEqual(2 * MB);
    const kept = seqs();
    expect(kept.at(-1)).toBe(10_000);
    expect(kept).toEqual(Array.from(kept, (_, at) => (kept[0] ?? 0) + at));
    expect(kept.length).toBeGreaterThan(1_500);
    expect(statSync(house.file).size).toBeLessThan(3 * MB);
  });

  it("never is larger as a whole than it may: the journal gives way to events", () => {
    open({ fileBytes: 3 * MB });
    const event = { at: NOW, type: "x", severity: "info" as const, audit: false, text: "y".repeat(500) };
    let written = 0;
    for (let n = 0; n < 40; n++) {
      write(400);
      written += 400_000;
      store.write({ now: NOW, events: Array.from({ length: 50 }, (_, i) => ({ ...event, id: 1 + 50 * n + i })) });
      care();
      expect(statSync(house.file).size).toBeLessThan(3 * MB + 5 * MB);
    }
    expect(written).toBeGreaterThan(15 * MB);
    expect(seqs()[0]).toBeGreaterThan(1);
    store.scrub();
    expect(statSync(house.file).size).toBeLessThan(3 * MB + 4 * MB);
    expect(store.events({ query: { limit: 500 }, mayAudit: true }).events).toHaveLength(500);
  });

  it("gives room back that is not needed any more", () => {
    open();
    for (let n = 0; n < 100; n++) write(100);
    store.scrub();
    const full = statSync(house.file).size;
    care(NOW + 31 * DAY);
    store.scrub();
    expect(full).toBeGreaterThan(10 * MB);
    expect(statSync(house.file).size).toBeLessThan(4 * MB);
  });

  it("does not wait for a reader when the log is to be emptied: what comes in would wait, too", async () => {
    open();
    write(10);
    const reader = new DatabaseSync(house.file, { readOnly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM journal").get();
    write(10);
    // Each time SQLite would wait for five seconds, which jest does not.
    for (let tries = 0; tries < 20; tries++) {
      expect(store.scrub()).toBe(false);
      await new Promise((resolve) => setImmediate(resolve));
    }
    reader.close();
    expect(store.scrub()).toBe(true);
  });

  it("lets the journal go by age", () => {
    open({ journalMs: 2 * DAY });
    for (const days of [0, 1, 2, 3, 4]) write(10, NOW + days * DAY, 100_000);
    care(NOW + 4 * DAY + 1);
    expect(seqs()[0]).toBe(31);
  });

  it("loses little by a clock that is years ahead at the start, however often it starts", () => {
    open({ journalMs: 2 * DAY });
    // The clock was not set yet when the house was new.
    care(0, 0);
    care(NOW, 60_000);
    for (const days of [0, 1, 2, 3, 4]) write(10, NOW + days * DAY, 100_000);
    for (let starts = 0; starts < 5; starts++) {
      store.close();
      open({ journalMs: 2 * DAY });
      care(NOW + 9_000 * DAY, 0);
      care(NOW + 9_000 * DAY, 10 * 60_000);
    }
    expect(seqs()).toHaveLength(50);
    store.close();
    open({ journalMs: 2 * DAY });
    care(NOW + 9_000 * DAY, 0);
    // Of age it is 20 hours later by now, and then three days more: two days of them are kept.
    care(NOW + 9_000 * DAY, 3 * HOUR);
    expect(seqs()[0]).toBe(21);
  });

  it("lets go of what was written while the clock was ahead with what came after it", () => {
    open({ journalMs: 2 * DAY });
    for (const days of [0, 9_000, 1, 2, 9_000, 3]) write(10, NOW + days * DAY, 100_000);
    care(NOW + 4 * DAY);
    expect(seqs()[0]).toBe(31);
  });

  it("lets go of more than a step's worth that was written in 1970 with what came after it", () => {
    open({ journalMs: 2 * DAY, eventsMs: 2 * DAY });
    const event = { type: "x", severity: "info" as const, audit: false, text: "y" };
    const times = (wrong: number) => [...Array.from({ length: wrong }, () => 5 * 60_000), NOW, NOW, NOW + 3 * DAY];
    for (const at of times(300)) write(1, at, 10);
    store.write({ now: NOW, events: times(600).map((at, n) => ({ ...event, id: n + 1, at })) });
    care(NOW + 4 * DAY);
    expect(seqs()).toEqual([303]);
    expect(store.events({ query: { limit: 500 }, mayAudit: true }).events.map(({ id }) => id)).toEqual([603]);
  });

  it("counts what is in it anew after a step that failed and was undone", () => {
    open();
    write(10);
    const event = { id: 1, at: NOW, type: "x", severity: "info" as const, audit: false, text: "y" };
    const { journalBytes } = store.write({ now: NOW, events: [event] });
    const other = new DatabaseSync(house.file);
    other.exec("CREATE TRIGGER stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'not now'); END");
    expect(() => care(NOW + 800 * DAY)).toThrow("not now");
    expect(store.write({ now: NOW }).journalBytes).toBe(journalBytes);
    other.exec("DROP TRIGGER stays");
    other.close();
    care(NOW + 800 * DAY);
    expect(store.write({ now: NOW }).journalBytes).toBe(0);
  });

  it("keeps no more events than it may, and none that are too old", () => {
    open({ maxEvents: 700, eventsMs: 10 * DAY });
    const event = { type: "x", severity: "info" as const, audit: false, text: "y" };
    store.write({ now: NOW, events: Array.from({ length: 1_000 }, (_, n) => ({ ...event, id: n + 1, at: NOW })) });
    care();
    const count = (until: number) => {
      let all = 0;
      for (let cursor: number | undefined = until; cursor !== undefined;) {
        const page = store.events({ query: { limit: 500, cursor }, mayAudit: true });
        all += page.events.length;
        cursor = page.next;
      }
      return all;
    };
    expect(count(2_000)).toBe(700);
    care(NOW + 11 * DAY);
    expect(count(2_000)).toBe(0);
  });

  it("still answers for a time after which much more was believed than is shown at once", () => {
    open();
    const states = ["alive", "suspect"];
    const change = (n: number) => ({ follower: "cv-1", at: NOW + n, state: states[n % 2] ?? "", cause: "beat" });
    store.write({ now: NOW, verdicts: Array.from({ length: 6_000 }, (_, n) => change(n)) });
    const spans = (from: number, to: number) => store.verdicts({ follower: "cv-1", from, to }).spans;
    expect(spans(NOW + 10, NOW + 11)).toMatchObject([
      { from: NOW + 10, to: NOW + 11, state: "alive" },
      { from: NOW + 11, to: NOW + 12, state: "suspect" },
    ]);
    expect(spans(NOW - DAY, NOW - 1)).toEqual([]);
    expect(spans(NOW + DAY, NOW + 2 * DAY)).toEqual([{ from: NOW + 5_999, state: "suspect", cause: "beat" }]);
  });

  it("lets each roll-up go at its own time, and a verdict that holds never", () => {
    open({ eventsMs: 100 * DAY });
    const key = { subject: "follower:cv-1", name: "cpuPercent" };
    store.write({ now: NOW, samples: { keys: [key], values: Float64Array.from([0, NOW, 5]) } });
    store.write({
      now: NOW,
      verdicts: [
        { follower: "cv-1", at: NOW - DAY, state: "dead", cause: "silence" },
        { follower: "cv-1", at: NOW, state: "alive", cause: "beat" },
      ],
    });
    const points = (now: number, stepMs: number) =>
      store.series({ subject: key.subject, from: NOW - 1, to: NOW + 1, stepMs, now }).series[0]?.points.length ?? 0;
    // The steps are asked for as if it were still then: whether the data is there is the question.
    care(NOW + 6 * 60_000);
    expect([10_000, 60_000, 900_000].map((step) => points(NOW, step))).toEqual([4, 4, 4]);
    care(NOW + 2 * DAY);
    expect([10_000, 60_000, 900_000].map((step) => points(NOW, step))).toEqual([0, 4, 4]);
    care(NOW + 40 * DAY);
    expect([10_000, 60_000, 900_000].map((step) => points(NOW, step))).toEqual([0, 0, 4]);
    care(NOW + 800 * DAY);
    expect([10_000, 60_000, 900_000].map((step) => points(NOW, step))).toEqual([0, 0, 0]);
    expect(store.verdicts({ follower: "cv-1", from: 0, to: NOW + 800 * DAY }).spans).toEqual([
      { from: NOW, state: "alive", cause: "beat" },
    ]);
  });

  it("holds a quiet day's small batches in few large blocks, which take far less room", () => {
    open();
    const text = (n: number) =>
      Buffer.from(JSON.stringify({ envelope: { seq: n, from: "cv-1" }, cpu: { percent: n % 100 } }));
    let state = store.write({ now: NOW });
    for (let n = 0; n < 600; n++) {
      const row = {
        seq: next++,
        at: NOW,
        monotonicMs: 0,
        source: "bus",
        kind: "telemetry",
        topic: "skein/v1/followers/cv-1/metrics",
        payload: text(n),
        residents: [],
      };
      state = store.write({ now: NOW, block: packBlock([row]) });
    }
    care();
    const after = store.write({ now: NOW });
    expect(after.journalBytes).toBeLessThan(state.journalBytes / 5);
    expect(seqs()).toEqual(Array.from({ length: 600 }, (_, n) => n + 1));
  });
});
