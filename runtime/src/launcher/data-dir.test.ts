import fs, { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { leaderOf, lockDataDir, prepareDataDir } from "./data-dir";

let dir: TempDir;
beforeEach(() => {
  dir = tempDir();
  prepareDataDir(dir.path);
});
afterEach(() => {
  jest.restoreAllMocks();
  dir.remove();
});
const lock = () => dir.join("run", "leader.lock");

describe("a data directory that cannot be made", () => {
  it.each(["/proc/x", "/proc/x/y"])("is refused at once: %s", (place) => {
    expect(() => prepareDataDir(place)).toThrow(
      expect.objectContaining({
        code: "DATA_DIR_UNUSABLE",
        message: expect.stringContaining(`${place} lies where no directory can be made`) as string,
      }) as Error,
    );
  });
  it("lies under a file", () => {
    writeFileSync(dir.join("file"), "");
    expect(() => prepareDataDir(dir.join("file", "a", "b"))).toThrow(/is not a directory/);
  });
  it("is made with all that is missing above it otherwise, and nothing else", () => {
    prepareDataDir(dir.join("a", "b"));
    expect(readdirSync(dir.join("a"))).toEqual(["b"]);
    expect(readdirSync(dir.path)).not.toContainEqual(expect.stringContaining("probe"));
  });
});

describe("the lock of a data directory", () => {
  it("is held by one and given back", () => {
    const unlock = lockDataDir(dir.path);
    expect(leaderOf(dir.path)).toBe(process.pid);
    expect(() => lockDataDir(dir.path)).toThrow(expect.objectContaining({ code: "DATA_DIR_IN_USE" }) as Error);
    expect(readdirSync(dir.join("run"))).toEqual(["leader.lock"]);
    unlock();
    expect(existsSync(lock())).toBe(false);
  });

  it.each(["", JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "1" })])(
    "is taken over from one that is gone: %p",
    (text) => {
      writeFileSync(lock(), text);
      lockDataDir(dir.path)();
      expect(existsSync(lock())).toBe(false);
    },
  );

  it("is there whole or not at all: nobody takes over one that is just being written", () => {
    const seen: string[] = [];
    for (const name of ["writeSync", "writeFileSync"] as const) {
      const real = fs[name].bind(fs) as (...args: unknown[]) => number;
      jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
        if (existsSync(lock())) seen.push(readFileSync(lock(), "utf8"));
        return real(...args);
      }) as never);
    }
    lockDataDir(dir.path)();
    expect(seen).toEqual([]);
  });
});
