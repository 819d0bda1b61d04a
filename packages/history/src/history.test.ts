/** History as its owner has it: a real thread, a real file. */
import { DatabaseSync } from "node:sqlite";
import type { EventView } from "@skein/contracts";
import { systemClock } from "@skein/kit";
import type { History } from "./index";
import { createTestHistory, message, rows, type TestHistory } from "./testing/house";

const HOUR = 3_600_000;
const event = { type: "login", severity: "info", text: "Anna logged in" } as const;

describe("History", () => {
  let house: TestHistory;
  beforeEach(() => (house = createTestHistory()));
  afterEach(() => house.end());

  it("gives back what came in and went out, in order, byte for byte", async () => {
    const history = await house.open();
    const payload = Uint8Array.from({ length: 256 }, (_, n) => n);
    const begun = systemClock.now();
    history.journal.append(
      message({ source: "core", kind: "event", topic: "hooks/door", payload, residents: ["anna"] }),
    );
    history.journal.append(message({ source: "bus", kind: "command", at: 5 }));
    payload.fill(0);
    const [first, second] = await rows(history);
    expect(first).toMatchObject({
      seq: 1,
      source: "core",
      kind: "event",
      topic: "hooks/door",
      residents: ["anna"],
    });
    expect([...(first?.payload ?? [])]).toEqual(Array.from({ length: 256 }, (_, n) => n));
    expect(first?.at).toBeGreaterThanOrEqual(begun);
    expect(second).toMatchObject({ seq: 2, source: "bus", kind: "command", at: 5 });
    expect(second?.monotonicMs).toBeGreaterThanOrEqual(first?.monotonicMs ?? NaN);
  });

  it("commits by itself, soon, and tells the number that is on the disk", async () => {
    const history = await house.open();
    const saved = new Promise<number>((resolve) => void history.journal.onSaved(resolve));
    for (let n = 0; n < 3; n++) history.journal.append(message());
    expect(await saved).toBe(3);
    const other = new DatabaseSync(house.file, { readOnly: true });
    expect(
      other
        .prepare("SELECT first, last, rows FROM journal")
        .all()
        .map((row) => ({ ...row })),
    ).toEqual([{ first: 1, last: 3, rows: 3 }]);
    other.close();
    expect(history.health()).toMatchObject({ state: "ok", savedSeq: 3, oldestWaitingMs: 0 });
  });

  it("loses nothing beside a message that calls somebody what is no id: such a name marks nothing", async () => {
    const history = await house.open();
    const accounts = ["x".repeat(70_000), "anna,ben", 7 as unknown as string, "ben"];
    history.journal.append(message({ accounts, residents: ["y".repeat(64)] }));
    history.events.add(event);
    await history.flush();
    expect(await rows(history)).toMatchObject([{ residents: ["account:ben"] }]);
    expect((await history.events.list({}, { mayAudit: true })).events).toMatchObject([{ text: event.text }]);
  });

  it("never keeps media", async () => {
    const history = await house.open();
    history.journal.append(message({ kind: "media", payload: Buffer.from("a picture of somebody") }));
    history.journal.append(message());
    expect((await rows(history)).map(({ kind }) => kind)).toEqual(["telemetry"]);
    await history.close();
    expect(house.contains("a picture of somebody")).toBe(false);
  });

  it("goes on with its numbers after a restart", async () => {
    const first = await house.open();
    for (let n = 0; n < 5; n++) first.journal.append(message());
    expect([first.events.add(event).id, first.events.add(event).id]).toEqual([1, 2]);
    await first.close();
    const second = await house.open();
    second.journal.append(message());
    expect(second.events.add(event).id).toBe(3);
    expect((await rows(second)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await second.events.list({}, { mayAudit: true })).events.map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it("is read from any number or time on, over many pages, up to a limit", async () => {
    const history = await house.open();
    for (let n = 1; n <= 9_000; n++) history.journal.append(message({ at: 1_000 * n, payload: Buffer.alloc(200, n) }));
    expect((await rows(history)).map(({ seq }) => seq)).toEqual(Array.from({ length: 9_000 }, (_, n) => n + 1));
    expect((await rows(history, { after: 4_321, limit: 3 })).map(({ seq }) => seq)).toEqual([4_322, 4_323, 4_324]);
    expect(await rows(history, { after: 9_000 })).toEqual([]);
    expect(await history.journal.seqAt(5_000_001)).toBe(5_001);
    expect(await history.journal.seqAt(9_000_001)).toBeUndefined();
  });

  it("tells of an event with its id at once, and a listener that throws harms nobody", async () => {
    const history = await house.open();
    const told: EventView[] = [];
    history.events.onAdded(() => {
      throw new Error("not mine");
    });
    const stop = history.events.onAdded((one) => told.push(one));
    const added = history.events.add({ ...event, audit: true, actor: "anna", address: "10.0.0.7" });
    stop();
    history.events.add(event);
    expect(told).toEqual([added]);
    expect((await history.events.list({ audit: "true" }, { mayAudit: true })).events).toEqual([added]);
    expect((await history.events.list({ audit: "true" }, { mayAudit: false })).events).toEqual([]);
  });

  it("answers with what it was told a moment ago: series and verdicts", async () => {
    const history = await house.open();
    const now = systemClock.now();
    history.series.add({ subject: "follower:cv-1", name: "cpuPercent" }, now - 20_000, 40);
    history.series.add({ subject: "follower:cv-1", name: "cpuPercent" }, now, 60);
    history.series.add({ subject: "follower:cv-1", name: "memoryBytes" }, now, 2 ** 31);
    history.series.add({ subject: "follower:cv-1", name: "cpuPercent" }, now + 1, NaN);
    history.series.add({ subject: "follower:cv-2", name: "cpuPercent" }, now, 1);
    const answer = await history.series.query({ subject: "follower:cv-1", from: now - HOUR, to: now });
    expect(answer).toMatchObject({ from: now - HOUR, to: now, stepMs: 10_000 });
    expect(answer.series.map(({ name, points }) => [name, points.map(([, mean]) => mean)])).toEqual([
      ["cpuPercent", [40, 60]],
      ["memoryBytes", [2 ** 31]],
    ]);
    history.verdicts.record({ follower: "cv-1", at: now - 500, state: "alive", cause: "beat" });
    history.verdicts.record({ follower: "cv-1", at: now, state: "dead", cause: "silence" });
    history.verdicts.record({ follower: "cv-1", at: now, state: "dead", cause: "silence" });
    expect((await history.verdicts.query({ follower: "cv-1", from: now - HOUR, to: now })).spans).toEqual([
      { from: now - 500, to: now, state: "alive", cause: "beat" },
      { from: now, state: "dead", cause: "silence" },
    ]);
  });

  it("keeps its order and its numbers when the clock is set back", async () => {
    let setBackMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() - setBackMs };
    const history = await house.open({ clock });
    history.journal.append(message({ topic: "before" }));
    const before = history.events.add(event);
    setBackMs = 5 * HOUR;
    history.journal.append(message({ topic: "after" }));
    const after = history.events.add(event);
    const [first, second] = await rows(history);
    expect([first?.topic, second?.topic]).toEqual(["before", "after"]);
    expect(second?.at).toBeLessThan(first?.at ?? NaN);
    expect(second?.monotonicMs).toBeGreaterThanOrEqual(first?.monotonicMs ?? NaN);
    expect((await history.events.list({}, { mayAudit: true })).events).toEqual([after, before]);
  });

  it("is copied while it is in use, whole, and goes on from the copy", async () => {
    const history = await house.open();
    let running = true;
    const load = (async () => {
      for (let n = 0; running; n++) {
        history.journal.append(message({ payload: Buffer.alloc(500, n) }));
        history.series.add({ subject: "follower:cv-1", name: "cpuPercent" }, systemClock.now() - n, n % 100);
        if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const copy = createTestHistory();
    try {
      for (let n = 0; n < 200; n++) history.events.add(event);
      await history.flush();
      const before = history.health().savedSeq;
      // Several, so that one of them begins within a transaction.
      for (let n = 0; n < 20; n++) await history.backup(copy.file);
      running = false;
      const restored = await copy.open();
      expect(await restored.checkIntegrity({ full: true })).toBeUndefined();
      const kept = (await rows(restored)).map(({ seq }) => seq);
      expect(kept).toEqual(Array.from(kept, (_, n) => n + 1));
      expect(kept.length).toBeGreaterThanOrEqual(before);
      expect((await restored.events.list({ limit: 500 }, { mayAudit: true })).events).toHaveLength(200);
      const now = systemClock.now();
      const { series } = await restored.series.query({ subject: "follower:cv-1", from: now - HOUR, to: now });
      expect(series).toHaveLength(1);
    } finally {
      running = false;
      await load;
      await copy.end();
    }
  });

  it("says so when a backup has no place, and goes on", async () => {
    const history = await house.open();
    await expect(history.backup("/nowhere/at/all.db")).rejects.toMatchObject({ code: "HISTORY_BACKUP_FAILED" });
    history.journal.append(message());
    expect(await rows(history)).toHaveLength(1);
  });

  it("saves what waits when it is closed, and takes nothing after that", async () => {
    const history: History = await house.open({ commitEveryMs: 60_000 });
    history.journal.append(message());
    history.events.add(event);
    await history.close();
    history.journal.append(message());
    expect(history.health().state).toBe("closed");
    await expect(history.events.list({}, { mayAudit: true })).rejects.toMatchObject({ code: "HISTORY_UNAVAILABLE" });
    const again = await house.open();
    expect(await rows(again)).toHaveLength(1);
    expect((await again.events.list({}, { mayAudit: true })).events).toHaveLength(1);
  });
});
