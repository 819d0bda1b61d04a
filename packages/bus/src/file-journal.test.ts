import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

test("the one in memory keeps the last ones only", () => {
  const journal = createMemoryJournal(2);
  for (const id of ["a", "b", "c"]) journal.begin(id);
  expect([journal.look("a"), journal.look("b"), journal.look("c")]).toEqual([undefined, "begun", "begun"]);
});
