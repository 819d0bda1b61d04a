import { readdirSync, writeFileSync } from "node:fs";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { prepareDataDir } from "./data-dir";

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
