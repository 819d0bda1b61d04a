import fs, { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { claimDataDir, prepareDataDir } from "./data-dir";

let dir: TempDir;
beforeEach(() => {
  dir = tempDir();
  prepareDataDir(dir.path);
});
afterEach(() => dir.remove());

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

it("that is full is not to be changed for another one, where a house is in it", () => {
  const full = jest.spyOn(fs, "writeSync").mockReturnValue(0);
  const prepare = () => prepareDataDir(dir.path);
  try {
    expect(prepare).toThrow(/is on a disk that is full\. Name another one with --data-dir/);
    writeFileSync(dir.join("kind"), "house\n");
    expect(prepare).toThrow(/is on a disk that is full\. Make room there.*an empty one would begin/);
  } finally {
    full.mockRestore();
  }
});

describe("a data directory's house", () => {
  const other = expect.objectContaining({ code: "DATA_DIR_OTHER_HOUSE" }) as Error;

  it.each([false, true])("is the first one that works in it (a demo: %p), and never the other kind", (demo) => {
    claimDataDir(dir.path, demo);
    claimDataDir(dir.path, demo);
    expect(() => claimDataDir(dir.path, !demo)).toThrow(other);
    claimDataDir(dir.path, demo);
  });

  it.each(["core/epoch", "flows/flows.json", "secrets/bus-users.json"])(
    "is a real one when something of it is there and no mark: %s",
    (file) => {
      writeFileSync(dir.join(file), "{}");
      expect(() => claimDataDir(dir.path, true)).toThrow(other);
      claimDataDir(dir.path, false);
    },
  );

  it("is a demo's when a virtual home has been there and no mark", () => {
    mkdirSync(dir.join("virtual-home"));
    writeFileSync(dir.join("core", "epoch"), "1");
    expect(() => claimDataDir(dir.path, false)).toThrow(other);
    claimDataDir(dir.path, true);
  });
});
