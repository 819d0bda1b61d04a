/** Room that is held back, on a small disk of the test's own. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { runLauncher, startLeader } from "../../../test/support/leader";
import { mayMount } from "../../../test/support/may-mount";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { prepareDataDir } from "./data-dir";
import { giveUpReserve, keepReserve } from "./reserve";

jest.setTimeout(120_000);

(mayMount() ? describe : describe.skip)("the reserve", () => {
  let dir: TempDir;
  const mount = (size: string) => execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", dir.path]);
  /** Room is shown, and none is given, as by a quota. */
  const useUpInodes = () =>
    expect(() => {
      for (let n = 0; n < 64; n++) writeFileSync(dir.join(`empty-${n}`), "");
    }).toThrow("ENOSPC");
  const fill = () => expect(() => writeFileSync(dir.join("filler"), Buffer.alloc(64 * 1024 ** 2))).toThrow("ENOSPC");
  beforeEach(() => (dir = tempDir()));
  afterEach(() => {
    execFileSync("umount", ["-l", dir.path]);
    dir.remove();
  });

  it("is held back while there is plenty, and given up when the disk is full, once", () => {
    mount("48m");
    keepReserve(dir.path);
    expect(statSync(dir.join("reserve")).size).toBe(8 * 1024 ** 2);
    expect(giveUpReserve(dir.path)).toBe(false);
    fill();
    keepReserve(dir.path);
    expect(giveUpReserve(dir.path)).toBe(true);
    writeFileSync(dir.join("broker"), Buffer.alloc(7 * 1024 ** 2));
    keepReserve(dir.path);
    expect(existsSync(dir.join("reserve"))).toBe(false);
    expect(giveUpReserve(dir.path)).toBe(false);
    rmSync(dir.join("filler"));
    keepReserve(dir.path);
    expect(existsSync(dir.join("reserve"))).toBe(true);
  });

  it("is not held back where there is little room", () => {
    mount("16m");
    keepReserve(dir.path);
    expect(existsSync(dir.join("reserve"))).toBe(false);
  });

  it("is given up for a part that ended on a disk that takes no more, whatever room it shows", () => {
    mount("48m,nr_inodes=64");
    keepReserve(dir.path);
    expect(giveUpReserve(dir.path)).toBe(false);
    expect(readdirSync(dir.path)).toEqual(["reserve"]);
    useUpInodes();
    expect(giveUpReserve(dir.path)).toBe(true);
  });

  it("is given up at the start on such a disk", async () => {
    mount("48m,nr_inodes=64");
    const house = prepareDataDir(dir.join("house"));
    keepReserve(house);
    useUpInodes();
    const launcher = runLauncher(["--data-dir", house, "--port", "0", "--broker-port", "0", "--no-follower"]);
    await launcher.gone;
    expect(launcher.output()).toContain("the disk is full: the little room that was held back");
    expect(existsSync(dir.join("house", "reserve"))).toBe(false);
  });

  it("lets a leader come back on a disk that is full, part by part and as a whole", async () => {
    mount("64m");
    const leader = await startLeader({ dataDir: dir.join("house") });
    try {
      fill();
      // It is not for a second one beside it.
      const args = ["--data-dir", leader.dataDir, "--port", "0", "--broker-port", "0", "--no-follower"];
      expect(await runLauncher(args).gone).toBe(1);
      expect(existsSync(dir.join("house", "reserve"))).toBe(true);
      await leader.restart("core");
      expect(leader.output()).toContain("the disk is full");
      expect(existsSync(dir.join("house", "reserve"))).toBe(false);
    } finally {
      await leader.stop();
    }
    rmSync(dir.join("filler"));
    keepReserve(dir.join("house"));
    fill();
    const again = await startLeader({ dataDir: dir.join("house") });
    try {
      await again.ready();
    } finally {
      await again.stop();
    }
  });
});
