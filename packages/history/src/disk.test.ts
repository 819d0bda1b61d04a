/** Disks that are full, read-only or not there, on a small file system of the test's own (tmpfs, which takes root). */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock, systemRandom } from "@skein/kit";
import { eventually } from "../../../test/support/eventually";
import { mayMount } from "../../../test/support/may-mount";
import { GAP, type History, lastOf, openHistory } from "./index";
import { message, rows } from "./testing/house";

const event = { type: "x", severity: "info", text: "y" } as const;

(mayMount() ? describe : describe.skip)("A disk", () => {
  let disk: string;
  let file: string;
  let history: History | undefined;
  const open = async (waiting = {}) => {
    history = await openHistory({ file, clock: systemClock, logger: silentLogger, commitEveryMs: 20, waiting });
    return history;
  };
  const mount = (...options: string[]) => execFileSync("mount", [...options, disk]);

  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), "skein-disk-"));
    mount("-t", "tmpfs", "-o", "size=6m", "tmpfs");
    file = join(disk, "history", "history.db");
  });
  afterEach(async () => {
    await history?.close();
    execFileSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it("that is full stops nobody: the oldest telemetry goes first, the journal says what is missing, and all goes on when there is room", async () => {
    const filler = join(disk, "filler");
    const kept = await open({ maxRows: 1_000 });
    kept.journal.append(message({ kind: "event", topic: "before" }));
    await kept.flush();
    // ENOSPC is what it is for.
    expect(() => writeFileSync(filler, Buffer.alloc(8 * 1024 ** 2))).toThrow("ENOSPC");

    let appended = 1;
    await eventually(async () => {
      for (let n = 0; n < 100; n++, appended++)
        kept.journal.append(
          message({ kind: n % 10 === 0 ? "command" : "telemetry", payload: systemRandom.bytes(500) }),
        );
      await new Promise((resolve) => setImmediate(resolve));
      expect(kept.health()).toMatchObject({ state: "failing", code: "HISTORY_DISK_FULL" });
    });
    for (let n = 0; n < 3_000; n++, appended++)
      kept.journal.append(message({ kind: n % 10 === 0 ? "command" : "telemetry", payload: systemRandom.bytes(50) }));
    const last = kept.events.add(event);
    await expect(kept.flush()).rejects.toMatchObject({ code: "HISTORY_DISK_FULL" });
    const full = kept.health();
    expect(full.waiting.rows).toBeLessThanOrEqual(1_000);
    expect(full.dropped.telemetry).toBeGreaterThan(1_000);
    expect(full.dropped.other).toBe(0);
    expect((await kept.events.list({}, { mayAudit: true })).events).toEqual([]);

    rmSync(filler);
    await eventually(() => expect(kept.health().state).toBe("ok"));
    const saved = await rows(kept);
    let next = 1;
    for (const row of saved) {
      expect(row.seq).toBe(next);
      next = lastOf(row) + 1;
    }
    expect(next).toBe(appended + 1);
    const missing = saved.filter(({ kind }) => kind === GAP).reduce((sum, gap) => sum + lastOf(gap) - gap.seq + 1, 0);
    expect(missing).toBe(kept.health().dropped.telemetry);
    expect((await kept.events.list({}, { mayAudit: true })).events).toEqual([last]);
    expect(await kept.checkIntegrity({ full: true })).toBeUndefined();
  });

  it("that is read-only at the start is written when it can be", async () => {
    mount("-o", "remount,ro");
    const kept = await open();
    kept.journal.append(message());
    const early = kept.events.add(event);
    expect(kept.health()).toMatchObject({ state: "failing", code: "HISTORY_READ_ONLY" });
    await expect(kept.series.query({ subject: "a", from: 0, to: 1 })).rejects.toMatchObject({
      code: "HISTORY_READ_ONLY",
    });
    mount("-o", "remount,rw");
    await eventually(() => expect(kept.health().state).toBe("ok"));
    expect((await rows(kept)).map(({ seq }) => seq)).toEqual([1]);
    expect(kept.events.add(event).id).toBe(early.id + 1);
    expect((await kept.events.list({}, { mayAudit: true })).events).toHaveLength(2);
  });

  it("that is full has no room for a new file beside a damaged one, which stays in its place until there is", async () => {
    const letter = "this is a letter to the milkman, and no database at all, though it is long enough to be one";
    mkdirSync(join(disk, "history"));
    writeFileSync(file, letter);
    const filler = join(disk, "filler");
    expect(() => writeFileSync(filler, Buffer.alloc(8 * 1024 ** 2))).toThrow("ENOSPC");
    const kept = await open();
    kept.journal.append(message());
    await expect(kept.flush()).rejects.toThrow();
    expect(readdirSync(join(disk, "history"))).toEqual(["history.db"]);
    expect(readFileSync(file, "utf8")).toBe(letter);
    rmSync(filler);
    await eventually(() => expect(kept.health().state).toBe("ok"));
    expect(readFileSync(kept.health().putAside ?? "", "utf8")).toBe(letter);
    expect(await rows(kept)).toHaveLength(1);
  });

  it("that became read-only between two starts leaves the old rows alone, goes on after them and is checked then", async () => {
    const before = await open();
    for (let n = 0; n < 10; n++) before.journal.append(message());
    await before.close();
    mount("-o", "remount,ro");
    const kept = await open();
    kept.journal.append(message());
    await expect(kept.flush()).rejects.toMatchObject({ code: "HISTORY_READ_ONLY" });
    mount("-o", "remount,rw");
    await eventually(() => expect(kept.health().state).toBe("ok"));
    expect((await rows(kept)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await eventually(() => expect(kept.health().integrity).toBe("ok"));
  });

  it("where the folder cannot be made is waited for", async () => {
    writeFileSync(join(disk, "history"), "a file stands where the folder belongs");
    const kept = await open();
    kept.journal.append(message());
    expect(kept.health()).toMatchObject({ state: "failing", code: "HISTORY_UNREADABLE" });
    rmSync(join(disk, "history"));
    mkdirSync(join(disk, "history"));
    await eventually(() => expect(kept.health().state).toBe("ok"));
    expect(existsSync(file)).toBe(true);
    expect(await rows(kept)).toHaveLength(1);
  });
});
