import fs, { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { type TempDir, tempDir } from "../../../test/support/temp-dir";
import { writeAtomically } from "./index";

let dir: TempDir;
beforeEach(() => void (dir = tempDir()));
afterEach(() => {
  jest.restoreAllMocks();
  dir.remove();
});
const rights = (path: string) => statSync(path).mode & 0o777;

test("the file is replaced whole, in a folder that is made for it, and nothing is left aside", () => {
  const file = dir.join("state", "house", "users.json");
  writeAtomically(file, "a longer text that stood there before");
  writeAtomically(file, "Küche ✓");
  expect(readFileSync(file, "utf8")).toBe("Küche ✓");
  expect(readdirSync(dir.join("state", "house"))).toEqual(["users.json"]);
  expect([rights(file), rights(dir.join("state", "house"))]).toEqual([0o600, 0o700]);
});

test("it has the rights that were asked for, whatever the umask and the old file had", () => {
  const file = dir.join("page.html");
  writeFileSync(file, "old", { mode: 0o600 });
  const before = process.umask(0o077);
  try {
    writeAtomically(file, "new", { mode: 0o644 });
  } finally {
    process.umask(before);
  }
  expect(rights(file)).toBe(0o644);
});

test("a disk that takes a few bytes at a time gets all of them", () => {
  const write = fs.writeSync.bind(fs) as (handle: number, bytes: Buffer, at: number, length: number) => number;
  jest
    .spyOn(fs, "writeSync")
    .mockImplementation(((handle: number, bytes: Buffer, at: number) =>
      write(handle, bytes, at, Math.min(3, bytes.length - at))) as typeof fs.writeSync);
  writeAtomically(dir.join("f"), "ten bytes.");
  expect(readFileSync(dir.join("f"), "utf8")).toBe("ten bytes.");
});

test("the text is on the disk before the name is, and the name when it returns", () => {
  const order: string[] = [];
  const spy = (name: "fsyncSync" | "renameSync") => {
    const real = fs[name].bind(fs) as (...args: unknown[]) => void;
    jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
      order.push(name === "fsyncSync" && fs.fstatSync(args[0] as number).isDirectory() ? "sync folder" : name);
      real(...args);
    }) as never);
  };
  spy("fsyncSync");
  spy("renameSync");
  writeAtomically(dir.join("f"), "text");
  expect(order).toEqual(["fsyncSync", "renameSync", "sync folder"]);
});

test("where it fails the old file stands and nothing is left aside", () => {
  mkdirSync(dir.join("taken"));
  writeFileSync(dir.join("taken", "inside"), "");
  expect(() => writeAtomically(dir.join("taken"), "text")).toThrow(
    expect.objectContaining({ code: "EISDIR" }) as Error,
  );
  expect(readdirSync(dir.path)).toEqual(["taken"]);
});
