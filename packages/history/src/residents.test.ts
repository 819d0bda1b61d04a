/** A resident who goes takes along what is kept of them: the bytes are searched for in the files themselves. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "@skein/kit";
import { eventually } from "../../../test/support/eventually";
import { createTestHistory, message, rows, type TestHistory } from "./testing/house";

describe("A resident who is forgotten", () => {
  let house: TestHistory;
  beforeEach(() => (house = createTestHistory()));
  afterEach(() => house.end());

  it("is in no file any more, and what was kept of others is as it was", async () => {
    const history = await house.open();
    for (let n = 0; n < 300; n++) {
      // Short blocks, one a commit, are not compressed: what is in them can be found in the file.
      const anna = n % 10 === 0;
      history.journal.append(
        message({
          topic: anna ? `hooks/anna-topic-${n}` : "other",
          payload: Buffer.from(anna ? `anna-secret-${n}` : `ben-${n}`),
          residents: anna ? ["anna"] : ["ben"],
        }),
      );
      if (n % 3 === 0) await history.flush();
    }
    history.events.add({
      type: "resident-home",
      severity: "info",
      text: "anna-event is home",
      subject: { kind: "resident", id: "anna" },
    });
    history.events.add({
      type: "login",
      severity: "info",
      text: "anna-login",
      actor: "account-a",
      address: "10.9.8.7",
      audit: true,
    });
    // What somebody else did to her account, and messages that name it.
    history.events.add({
      type: "account-created",
      severity: "notice",
      text: "anna-created",
      subject: { kind: "account", id: "account-a" },
      actor: "account-b",
      audit: true,
    });
    history.journal.append(message({ payload: Buffer.from("by-account-a"), accounts: ["account-a"] }));
    history.journal.append(message({ payload: Buffer.from("by-account-b"), accounts: ["account-b"] }));
    history.events.add({ type: "login", severity: "info", text: "Ben logged in", actor: "account-b", audit: true });
    history.series.add({ subject: "resident:anna", name: "anna-sleepHours" }, systemClock.now(), 7);
    await history.flush();
    const traces = [
      "anna-secret-0",
      "anna-secret-290",
      "anna-topic-150",
      "anna-event",
      "anna-login",
      "anna-created",
      "by-account-a",
      "10.9.8.7",
      "account-a",
      "anna-sleepHours",
    ];
    expect(traces.filter((trace) => house.contains(trace))).toEqual(traces);

    const data = await history.residentData("anna", { actors: [{ id: "account-a" }], mayAudit: true });
    expect(data.kept).toEqual({ journal: 31, events: 3, series: 1 });
    expect(data.items).toHaveLength(35);
    const shown = await history.residentData("anna", { actors: [{ id: "account-a" }], mayAudit: false });
    expect(shown.kept).toEqual(data.kept);
    expect(shown.items.filter(({ where }) => where === "events")).toMatchObject([{ what: "anna-event is home" }]);
    expect(await history.forgetResident("anna", { actors: [{ id: "account-a" }] })).toEqual({
      journal: 31,
      events: 3,
      series: 1,
    });

    expect(traces.filter((trace) => house.contains(trace))).toEqual([]);
    expect(house.contains("ben-299")).toBe(true);
    expect(house.contains("by-account-b")).toBe(true);
    expect((await history.residentData("anna", { actors: [{ id: "account-a" }], mayAudit: true })).kept).toEqual({
      journal: 0,
      events: 0,
      series: 0,
    });
    expect((await history.residentData("ben", { mayAudit: true })).kept.journal).toBe(270);
    const all = await rows(history);
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 302 }, (_, n) => n + 1));
    expect(all.filter(({ kind }) => kind === "gone").map(({ seq }) => seq)).toEqual([
      ...Array.from({ length: 30 }, (_, n) => 10 * n + 1),
      301,
    ]);
    expect((await history.events.list({}, { mayAudit: true })).events.map(({ text }) => text)).toEqual([
      "Ben logged in",
      "Removed with a resident's data.",
      "Removed with a resident's data.",
    ]);
    expect(await history.checkIntegrity({ full: true })).toBeUndefined();
  });

  it("had an account for a time: what it did before and after is somebody else's, and stays", async () => {
    let now = 0;
    const history = await house.open({ clock: { ...systemClock, now: () => now } });
    const at = async (time: number) => {
      now = time;
      const text = `at ${time}`;
      const event = { type: "x", severity: "info", text } as const;
      history.events.add({ ...event, actor: "a", audit: true });
      history.events.add({ ...event, subject: { kind: "account", id: "a" } });
      // A block each: more than are gone through at once.
      for (let n = 0; n < 12; n++) {
        history.journal.append(message({ topic: text, accounts: ["a"] }));
        await history.flush();
      }
    };
    for (const time of [1_000, 2_000, 3_000]) await at(time);
    const actors = [{ id: "a", from: 2_000, until: 3_000 }];
    const { kept, items } = await history.residentData("anna", { actors, mayAudit: true });
    expect(kept).toEqual({ journal: 12, events: 2, series: 0 });
    expect(new Set(items.map((item) => item.at))).toEqual(new Set([2_000]));
    expect(await history.forgetResident("anna", { actors })).toEqual({ journal: 12, events: 2, series: 0 });
    const left = [
      ...Array<string>(12).fill("at 1000"),
      ...Array<string>(12).fill(""),
      ...Array<string>(12).fill("at 3000"),
    ];
    expect((await rows(history)).map(({ topic }) => topic)).toEqual(left);
    const { events } = await history.events.list({}, { mayAudit: true });
    expect(events.map(({ text }) => text)).toEqual([
      "at 3000",
      "at 3000",
      "Removed with a resident's data.",
      "at 1000",
      "at 1000",
    ]);
  });

  it("is forgotten in compressed blocks as well, also where they were put together", async () => {
    const history = await house.open({ maintainEveryMs: 10 });
    for (let n = 0; n < 2_000; n++)
      history.journal.append(
        message({ payload: Buffer.from(JSON.stringify({ who: "anna", n })), residents: ["anna"] }),
      );
    await history.forgetResident("anna");
    const all = await rows(history);
    expect(new Set(all.map(({ kind, payload, topic }) => `${kind} ${payload.length} ${topic}`))).toEqual(
      new Set(["gone 0 "]),
    );
    expect(all).toHaveLength(2_000);
  });

  it("is forgotten in what waits in memory as well, while the file cannot be opened", async () => {
    const folder = join(house.folder, "later");
    writeFileSync(folder, "a file stands where the folder belongs");
    const history = await house.open({ file: join(folder, "history.db") });
    history.journal.append(message({ topic: "hooks/anna", residents: ["anna"] }));
    const add = (text: string, rest: object) => history.events.add({ type: "x", severity: "info", text, ...rest });
    add("Anna is home", { subject: { kind: "resident", id: "anna" } });
    add("Anna logged in", { actor: "account-a", address: "10.9.8.7", audit: true });
    add("Ben logged in", { actor: "account-b", audit: true });
    await expect(history.forgetResident("anna", { actors: [{ id: "account-a" }] })).rejects.toMatchObject({
      code: "HISTORY_UNREADABLE",
    });

    rmSync(folder);
    await eventually(() => expect(history.health().state).toBe("ok"));
    expect((await rows(history)).map(({ kind, topic }) => [kind, topic])).toEqual([["gone", ""]]);
    const { events } = await history.events.list({}, { mayAudit: true });
    expect(events.map(({ text, actor, address }) => [text, actor, address])).toEqual([
      ["Ben logged in", "account-b", undefined],
      ["Removed with a resident's data.", undefined, undefined],
    ]);
  });
});
