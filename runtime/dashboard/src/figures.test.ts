import type { VerdictState } from "@skein/contracts";
import { bytesOf, percentOf, tally } from "./figures";

const GB = 1024 ** 3;

describe("figures", () => {
  it.each([
    [0, "0.0 %"],
    [9.94, "9.9 %"],
    [12.4, "12 %"],
    [100, "100 %"],
  ])("a share of %d is %s", (percent, words) => expect(percentOf(percent)).toBe(words));

  it("memory is said in one unit, the total's", () => {
    expect(bytesOf(2 * GB)).toBe("2.0 GB");
    expect(bytesOf(300 * 1024 ** 2, 2 * GB)).toBe("0.3");
    expect(bytesOf(512 * 1024 ** 2)).toBe("512 MB");
    expect(bytesOf(0)).toBe("0 B");
    expect([bytesOf(1_536), bytesOf(10_240)]).toEqual(["1.5 KB", "10 KB"]);
  });

  it.each<[VerdictState[], string]>([
    [[], "no follower yet"],
    [["alive", "alive"], "2 of 2 alive"],
    [["alive", "unknown", "dead", "dead", "maintenance"], "1 of 5 alive · 2 dead · 1 unknown · 1 in maintenance"],
  ])("%j is told as %s", (states, words) => expect(tally(states)).toBe(words));
});
