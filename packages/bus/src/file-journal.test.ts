import fs, { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type TempDir, tempDir } from "../../../test/support/temp-dir";
import { createFileJournal, createMemoryJournal } from "./index";

let dir: TempDir;
beforeEach(() => void (dir = tempDir()));
afterEach(() => dir.remove());

test("what was begun and what was done is known after a restart", () => {
  const first = createFileJournal(dir.join("state", "commands"));
  first.begin("a");
  first.finish("a", { ok: true, result: 1 });
  first.begin("b");
  first.close();
  const again = createFileJournal(dir.join("state", "commands"));
  expect([again.look("a"), again.look("b"), again.look("c")]).toEqual([{ ok: true, result: 1 }, "begun", undefined]);
  again.close();
});

test("begun is on disk when begin returns", () => {
  const journal = createFileJournal(dir.join("commands"));
  journal.begin("a");
  expect(readFileSync(dir.join("commands"), "utf8")).toBe('{"id":"a"}\n');
  journal.close();
});

test("a line that a power cut tore is passed over", () => {
  writeFileSync(dir.join("commands"), '{"id":"a","outcome":{"ok":true}}\n{"id":"b","outco');
  const journal = createFileJournal(dir.join("commands"));
  journal.begin("c");
  journal.close();
  const again = createFileJournal(dir.join("commands"));
  expect([again.look("a"), again.look("b"), again.look("c")]).toEqual([{ ok: true }, undefined, "begun"]);
  again.close();
});

test("it stays small: old commands are forgotten, in the file too", () => {
  const journal = createFileJournal(dir.join("commands"), 10);
  for (let n = 0; n < 100; n++) {
    journal.begin(`c${n}`);
    journal.finish(`c${n}`, { ok: true });
  }
  expect([journal.look("c89"), journal.look("c90")]).toEqual([undefined, { ok: true }]);
  expect(readFileSync(dir.join("commands"), "utf8").split("\n").length).toBeLessThanOrEqual(41);
  journal.close();
});

test("where it cannot write it says so", () => {
  mkdirSync(dir.join("commands"));
  expect(() => createFileJournal(dir.join("commands"))).toThrow(
    expect.objectContaining({ code: "JOURNAL_UNWRITABLE" }) as Error,
  );
  appendFileSync(dir.join("file"), "");
  expect(() => createFileJournal(dir.join("file", "commands"))).toThrow(
    expect.objectContaining({ code: "JOURNAL_UNWRITABLE" }) as Error,
  );
});

test("where it cannot be written anew it stays what it was, and writes into no other file", () => {
  const journal = createFileJournal(dir.join("commands"), 2);
  const full = jest.spyOn(fs, "renameSync").mockImplementation(() => {
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  });
  try {
    for (let n = 0; n < 8; n++) journal.begin(`c${n}`);
    expect(full).toHaveBeenCalled();
  } finally {
    full.mockRestore();
  }
  // It gets the number that the journal's had, if that was closed.
  const other = fs.openSync(dir.join("other"), "w+");
  journal.begin("c8");
  expect(readFileSync(dir.join("other"), "utf8")).toBe("");
  fs.closeSync(other);
  journal.close();
  const again = createFileJournal(dir.join("commands"), 2);
  expect([again.look("c7"), again.look("c8")]).toEqual(["begun", "begun"]);
  again.close();
});

test("on a full disk it is what it was, and each command is refused until there is room", () => {
  writeFileSync(dir.join("commands"), '{"id":"a","outcome":{"ok":true}}\n{"id":"to');
  const noSpace = () => {
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  };
  const write = jest.spyOn(fs, "writeSync").mockImplementation(noSpace);
  let journal: ReturnType<typeof createFileJournal> | undefined;
  try {
    journal = createFileJournal(dir.join("commands"));
    expect(journal.look("a")).toEqual({ ok: true });
    expect(() => journal?.begin("b")).toThrow(expect.objectContaining({ code: "JOURNAL_UNWRITABLE" }) as Error);
  } finally {
    write.mockRestore();
  }
  journal?.begin("c");
  journal?.close();
  const again = createFileJournal(dir.join("commands"));
  expect([again.look("a"), again.look("b"), again.look("c")]).toEqual([{ ok: true }, undefined, "begun"]);
  again.close();
});

test("what could not be written down was not begun, and a disk that takes a few bytes at a time gets all", () => {
  const journal = createFileJournal(dir.join("commands"));
  const real = fs.writeSync.bind(fs) as (handle: number, bytes: Buffer, at: number, length: number) => number;
  const write = jest.spyOn(fs, "writeSync").mockImplementation(() => {
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  });
  try {
    expect(() => journal.begin("a")).toThrow(expect.objectContaining({ code: "JOURNAL_UNWRITABLE" }) as Error);
    expect(journal.look("a")).toBeUndefined();
    let room = 5;
    write.mockImplementation(((handle: number, bytes: Buffer, at: number) => {
      if (room === 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      const length = Math.min(3, room, bytes.length - at);
      room -= length;
      return real(handle, bytes, at, length);
    }) as typeof fs.writeSync);
    expect(() => journal.begin("torn")).toThrow(expect.objectContaining({ code: "JOURNAL_UNWRITABLE" }) as Error);
    room = 1000;
    journal.begin("b");
  } finally {
    write.mockRestore();
  }
  expect(readFileSync(dir.join("commands"), "utf8")).toBe('\n{"id\n{"id":"b"}\n');
  journal.close();
  const again = createFileJournal(dir.join("commands"));
  expect([again.look("torn"), again.look("b")]).toEqual([undefined, "begun"]);
  again.close();
});

test("the one in memory keeps the last ones only", () => {
  const journal = createMemoryJournal(2);
  for (const id of ["a", "b", "c"]) journal.begin(id);
  expect([journal.look("a"), journal.look("b"), journal.look("c")]).toEqual([undefined, "begun", "begun"]);
});
