import fs, { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { followLock, lastLock, leaderOf, lockDataDir } from "./leader-lock";

const GONE = JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "1" });
let dir: TempDir;
beforeEach(() => {
  dir = tempDir();
  mkdirSync(dir.join("run"));
});
afterEach(() => {
  jest.restoreAllMocks();
  dir.remove();
});
const lock = (number: number) => dir.join("run", `leader-${number}.lock`);
const locks = () => readdirSync(dir.join("run"));

describe("the lock of a data directory", () => {
  it("is held by one and given back", () => {
    const unlock = lockDataDir(dir.path);
    expect(leaderOf(dir.path)).toBe(process.pid);
    expect(() => lockDataDir(dir.path)).toThrow(expect.objectContaining({ code: "DATA_DIR_IN_USE" }) as Error);
    expect(locks()).toEqual(["leader-1.lock"]);
    unlock();
    expect(leaderOf(dir.path)).toBeUndefined();
    lockDataDir(dir.path)();
    expect(locks()).toEqual(["leader-2.lock"]);
  });

  it.each(["", GONE])("is taken over from one that is gone: %p", (text) => {
    writeFileSync(lock(7), text);
    lockDataDir(dir.path);
    expect(leaderOf(dir.path)).toBe(process.pid);
    expect(locks()).toEqual(["leader-8.lock"]);
  });

  it("is taken over by one of two that find the same one left behind", () => {
    writeFileSync(lock(7), GONE);
    const seen = lastLock(dir.path);
    lockDataDir(dir.path);
    expect(followLock(dir.path, seen)).toBe(false);
    expect(() => lockDataDir(dir.path)).toThrow(/DATA_DIR_IN_USE|already works/);
    expect([leaderOf(dir.path), locks()]).toEqual([process.pid, ["leader-8.lock"]]);
  });

  it("is not taken by one so slow that others have come, gone and come again since it looked", () => {
    writeFileSync(lock(7), GONE);
    const seen = lastLock(dir.path);
    lockDataDir(dir.path)();
    lockDataDir(dir.path);
    expect(followLock(dir.path, seen)).toBe(false);
    expect([leaderOf(dir.path), locks()]).toEqual([process.pid, ["leader-9.lock"]]);
  });

  it("is there whole or not at all: nobody takes over one that is just being written", () => {
    const seen: string[] = [];
    for (const name of ["writeSync", "writeFileSync"] as const) {
      const real = fs[name].bind(fs) as (...args: unknown[]) => number;
      jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
        if (existsSync(lock(1))) seen.push(readFileSync(lock(1), "utf8"));
        return real(...args);
      }) as never);
    }
    lockDataDir(dir.path);
    expect(seen).toEqual([]);
  });
});
