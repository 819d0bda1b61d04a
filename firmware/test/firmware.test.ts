/** The firmware's own tests, its size gate and what finds mistakes without running (firmware/Makefile), as part of `npm test`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const FIRMWARE = join(__dirname, "..");

describe("The firmware", () => {
  const make = (goal: string) => {
    const { status, stdout, stderr } = spawnSync("make", ["-s", "-j2", "-C", FIRMWARE, goal], { encoding: "utf8" });
    return { status, said: `${stdout}${stderr}` };
  };

  it.each([
    ["passes every test of its parts, under the sanitizers", "test", /\d{3} tests passed/],
    ["fits into 64 KiB of flash and 16 KiB of RAM", "size", /^flash \d+ of 65536 bytes, RAM \d+ of 16384$/m],
    ["has nothing that cppcheck or gcc's analyzer finds", "lint", /^/],
  ])(
    "%s",
    (_, goal, says) => {
      const { status, said } = make(goal);
      expect(said).toMatch(says);
      // With what it said, where it failed.
      expect(status === 0 ? "passed" : said).toBe("passed");
    },
    300_000,
  );
});
