/** Files that are damaged, newer, or not there to be written. */
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Logger, silentLogger } from "@skein/kit";
import { eventually } from "../../../test/support/eventually";
import { GAP, type HistoryHealth, lastOf } from "./index";
import { createTestHistory, message, rows, type TestHistory } from "./testing/house";

describe("A history file", () => {
  let house: TestHistory;
  beforeEach(() => (house = createTestHistory()));
  afterEach(() => house.end());

  const fill = async () => {
    const history = await house.open();
    for (let n = 0; n < 2_000; n++) {
      history.journal.append(message({ payload: Buffer.alloc(500, Math.floor(n / 7)) }));
      history.events.add({ type: "x", severity: "info", text: `event ${n}` });
      if (n % 200 === 0) await history.flush();
    }
    // The check at the start is a reader: were it the last to close, a -wal would stay and mend what is damaged here.
    await eventually(() => expect(history.health().integrity).toBe("ok"));
    await history.close();
  };
  const overwrite = (from: number, bytes: number) => {
    const handle = openSync(house.file, "r+");
    writeSync(handle, Buffer.alloc(bytes, 0x5a), 0, bytes, from);
    closeSync(handle);
  };
  const aside = () => readdirSync(house.folder).filter((name) => /\.damaged-\d{8}T\d{6}Z(-\d)?$/.test(name));

  it("that is no database is put aside, and the house goes on with a new one and higher numbers", async () => {
    writeFileSync(
      house.file,
      "this is a letter to the milkman, and no database at all, though it is long enough to be one",
    );
    const history = await house.open();
    history.journal.append(message());
    const [first] = await rows(history);
    expect(first?.seq).toBeGreaterThan(Date.UTC(2020, 0));
    expect(history.health()).toMatchObject({
      state: "ok",
      putAside: `${house.file}.damaged-${aside()[0]?.split("damaged-")[1]}`,
    });
    expect(readFileSync(history.health().putAside ?? "", "utf8")).toContain("milkman");
  });

  it("that is damaged within is found by the check at the start and put aside; numbers go on where they can still be read", async () => {
    await fill();
    const size = statSync(house.file).size;
    overwrite(Math.floor(size / 2 / 4096) * 4096, 3 * 4096);
    const states: HistoryHealth["state"][] = [];
    const history = await house.open({ onHealth: ({ state }) => states.push(state) });
    await eventually(() =>
      expect(history.health()).toMatchObject({
        state: "ok",
        integrity: "damaged",
        putAside: expect.any(String) as string,
      }),
    );
    expect(states).toEqual(["failing", "ok"]);
    expect(aside()).toHaveLength(1);
    history.journal.append(message());
    expect((await rows(history)).map(({ seq }) => seq)).toEqual([2_001]);
    expect(history.events.add({ type: "x", severity: "info", text: "y" }).id).toBe(2_001);
    expect(await history.checkIntegrity({ full: true })).toBeUndefined();
    expect(history.health().integrity).toBe("ok");
  });

  it("that is damaged where the next commit writes is put aside once, whoever finds it first, and the commit goes into the new one", async () => {
    await fill();
    const db = new DatabaseSync(house.file);
    const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'event'").get() as {
      rootpage: number;
    };
    db.close();
    overwrite((rootpage - 1) * 4096, 4096);
    const history = await house.open();
    const added = history.events.add({ type: "x", severity: "info", text: "y" });
    await history.flush().catch(() => {});
    await eventually(async () => expect((await history.events.list({}, { mayAudit: true })).events).toEqual([added]));
    expect(history.health()).toMatchObject({ state: "ok", integrity: "damaged" });
    expect(await history.checkIntegrity({ full: true })).toBeUndefined();
    expect(aside()).toHaveLength(1);
  });

  it("that was cut short is put aside, too", async () => {
    await fill();
    const bytes = readFileSync(house.file);
    writeFileSync(house.file, bytes.subarray(0, Math.floor(bytes.length / 3)));
    const history = await house.open();
    await eventually(() => expect(history.health().putAside).toBeDefined());
    history.journal.append(message());
    await history.flush();
    expect((await rows(history)).length).toBe(1);
  });

  it("of a newer Skein is left as it is: nothing is saved, questions are refused by name, and it goes on when that is put right", async () => {
    await fill();
    const db = new DatabaseSync(house.file);
    db.exec("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    const before = readFileSync(house.file);
    const history = await house.open();
    history.journal.append(message());
    expect(history.health()).toMatchObject({ state: "failing", code: "HISTORY_TOO_NEW", waiting: { rows: 1 } });
    await expect(history.events.list({}, { mayAudit: true })).rejects.toMatchObject({ code: "HISTORY_TOO_NEW" });
    await expect(history.flush()).rejects.toMatchObject({ code: "HISTORY_TOO_NEW" });
    expect(readFileSync(house.file).equals(before)).toBe(true);
    expect(aside()).toEqual([]);

    const owner = new DatabaseSync(house.file);
    owner.exec("PRAGMA user_version = 1");
    owner.close();
    await eventually(() => expect(history.health().state).toBe("ok"));
    expect((await rows(history, { after: 1_999 })).map(({ seq }) => seq)).toEqual([2_000, 2_001]);
  });

  it("in which one block of the journal has gone bad says so by a gap, and the rest is there", async () => {
    await fill();
    const db = new DatabaseSync(house.file);
    const blocks = db.prepare("SELECT first, last, data FROM journal ORDER BY first").all() as unknown as {
      first: number;
      last: number;
      data: Uint8Array;
    }[];
    const bad = blocks[1];
    bad?.data.fill(0x5a, 20);
    db.prepare("UPDATE journal SET data = ? WHERE first = ?").run(bad?.data ?? null, bad?.first ?? 0);
    db.close();
    const history = await house.open({ maintainEveryMs: 10 });
    const all = await rows(history);
    expect(all.filter(({ kind }) => kind === GAP).map((gap) => [gap.seq, lastOf(gap)])).toEqual([
      [bad?.first, bad?.last],
    ]);
    expect(all.length - 1 + (bad?.last ?? 0) - (bad?.first ?? 0) + 1).toBe(2_000);
    expect(history.health()).toMatchObject({ state: "ok" });
  });

  it("that cannot be looked after says so until it can, and is logged once", async () => {
    const logged: string[] = [];
    const logger = { ...silentLogger, error: (_about: object, text: string) => void logged.push(text) } as Logger;
    const before = await house.open();
    before.events.add({ type: "x", severity: "info", text: "y", at: Date.UTC(2025, 5, 1) });
    await before.close();
    const db = new DatabaseSync(house.file);
    db.exec("CREATE TRIGGER stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'not now'); END");
    const history = await house.open({ maintainEveryMs: 10, logger, retention: { eventsMs: 1 } });
    await eventually(() => expect(history.health().maintenance.failed).toBeGreaterThan(2));
    expect(history.health().maintenance.problem).toContain("not now");
    history.journal.append(message());
    // After each failure the file is opened anew, which a question may come in between.
    await eventually(async () => expect(await rows(history)).toHaveLength(1));
    expect(logged.filter((text) => text.includes("not now"))).toHaveLength(1);

    db.exec("DROP TRIGGER stays");
    db.close();
    await eventually(() => expect(history.health().maintenance.problem).toBeUndefined());
    expect((await history.events.list({}, { mayAudit: true })).events).toEqual([]);
  });

  it("that was put aside goes when a resident does: nobody can look for one person's traces in it", async () => {
    writeFileSync(
      house.file,
      "no database, but perhaps something about Anna in it, as long as it has to be to look like one",
    );
    const history = await house.open();
    expect(aside()).toHaveLength(1);
    await history.forgetResident("anna");
    expect(aside()).toEqual([]);
  });
});
