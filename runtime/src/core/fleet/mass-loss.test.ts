import type { VerdictState } from "@skein/contracts";
import { MASS_LOSS, MassLoss, type MassLossNotice, type OngoingLoss } from "./mass-loss";

/** "1000 a dead" is: at 1000 ms, a is dead. Everyone in `house` is alive before. */
function play(house: string, story: string): { at: number; notice: MassLossNotice }[] {
  const massLoss = new MassLoss({ ...MASS_LOSS, windowMs: 20_000 });
  for (const id of house) massLoss.change(id, "alive", 0);
  return story.split(";").flatMap((line) => {
    const [at, id, state] = line.trim().split(" ") as [string, string, VerdictState | "forgotten"];
    const notice = massLoss.change(id, state === "forgotten" ? undefined : state, Number(at));
    return notice ? [{ at: Number(at), notice }] : [];
  });
}
const told = (house: string, story: string) =>
  play(house, story).map(({ at, notice }) => `${at} ${notice.notice} ${notice.followers.join("")}`);

describe("a mass loss", () => {
  it.each`
    house         | story                                                                                                 | expected                                                           | because
    ${"abcdefgh"} | ${"1 a suspect; 2 b suspect; 3 c suspect"}                                                            | ${[]}                                                              | ${"three of eight are no mass"}
    ${"abcdefgh"} | ${"1 a suspect; 2 b dead; 3 c suspect; 4 d dead"}                                                     | ${["4 mass-loss abcd"]}                                            | ${"half of the house is"}
    ${"abcdefgh"} | ${"1 a suspect; 2 b suspect; 3 c suspect; 4 d suspect; 5 a dead; 6 b dead; 7 e suspect"}              | ${["5 mass-loss abcd"]}                                            | ${"it is told once, when the first is dead"}
    ${"abcd"}     | ${"1 a suspect; 2 b suspect; 3 c suspect; 4 d suspect; 5 a alive; 6 b alive"}                         | ${[]}                                                              | ${"a doubt that passes is no loss"}
    ${"abcd"}     | ${"1 a dead; 2 b suspect; 3 c suspect"}                                                               | ${["3 mass-loss abc"]}                                             | ${"those in doubt are counted with the dead"}
    ${"abcd"}     | ${"1 a suspect; 2 b suspect; 3 c suspect; 90000 a dead; 90001 b dead"}                                | ${["90000 mass-loss abc"]}                                         | ${"they went together, however long it took to be sure"}
    ${"ab"}       | ${"1 a dead; 2 b dead"}                                                                               | ${[]}                                                              | ${"two are too few to speak of a mass"}
    ${"abcd"}     | ${"1 a dead; 30000 b dead; 60000 c dead"}                                                             | ${[]}                                                              | ${"one after the other is not together"}
    ${"abcd"}     | ${"1 a left; 2 b left; 3 c left; 4 d maintenance"}                                                    | ${[]}                                                              | ${"who says goodbye is not lost"}
    ${"abcd"}     | ${"1 a unknown; 2 b unknown; 3 c unknown; 4 d unknown"}                                               | ${[]}                                                              | ${"not to know is not to lose"}
    ${"abcd"}     | ${"1 a dead; 2 b dead; 3 c dead; 4 a unknown; 5 b unknown; 6 c unknown"}                              | ${["3 mass-loss abc"]}                                             | ${"not to know is not to find again"}
    ${"abcd"}     | ${"1 a dead; 2 b dead; 3 c dead; 90000 a alive; 91000 b alive"}                                       | ${["3 mass-loss abc", "91000 mass-loss-over ab"]}                  | ${"it is over when most are back"}
    ${"abcd"}     | ${"1 a dead; 2 b dead; 3 c dead; 4 d dead; 9 a alive; 10 b alive; 11 c alive"}                        | ${["3 mass-loss abc", "11 mass-loss-over abc"]}                    | ${"those that followed are counted too"}
    ${"abcd"}     | ${"1 a dead; 2 b dead; 3 c dead; 9 a alive; 10 b alive; 11 c alive; 12 a dead; 13 b dead; 14 c dead"} | ${["3 mass-loss abc", "10 mass-loss-over ab", "14 mass-loss abc"]} | ${"another one is told again"}
    ${"abcd"}     | ${"1 a dead; 2 b dead; 3 c dead; 4 a forgotten; 5 b forgotten"}                                       | ${["3 mass-loss abc", "5 mass-loss-over ab"]}                      | ${"who is forgotten is no longer missed"}
  `("$because", ({ house, story, expected }) => {
    expect(told(house, story)).toEqual(expected);
  });

  it("says since when, of how many, and how long it lasted", () => {
    const [begin, over] = play(
      "abcd",
      "1000 a suspect; 1500 b suspect; 2000 c suspect; 3000 b dead; 61000 a alive; 62000 b alive",
    );
    expect(begin?.notice).toEqual({ notice: "mass-loss", followers: ["a", "b", "c"], of: 4, since: 1000 });
    expect(over?.notice).toEqual({ notice: "mass-loss-over", followers: ["a", "b"], since: 1000, lastedMs: 61_000 });
  });

  it("is over after a restart as without one", () => {
    const limits = { ...MASS_LOSS, windowMs: 20_000 };
    const before = new MassLoss(limits);
    for (const id of "abcd") before.change(id, "alive", 0);
    for (const id of "abc") before.change(id, "dead", 1_000);
    before.change("a", "alive", 2_000);
    expect(before.ongoing).toEqual({ since: 1_000, of: 4, followers: ["a", "b", "c"], away: ["b", "c"] });
    const after = new MassLoss(limits, JSON.parse(JSON.stringify(before.ongoing)) as OngoingLoss);
    const remembered = { a: "alive", b: "dead", c: "unknown", d: "alive" } as const;
    for (const [id, state] of Object.entries(remembered)) expect(after.change(id, state, 60_000)).toBeUndefined();
    expect(after.change("d", "dead", 61_000)).toBeUndefined();
    expect(after.change("c", "alive", 62_000)).toEqual({
      notice: "mass-loss-over",
      followers: ["a", "c"],
      since: 1_000,
      lastedMs: 61_000,
    });
    expect(after.ongoing).toBeUndefined();
  });

  it("is told once when ten thousand go at once, and takes no time", () => {
    const massLoss = new MassLoss({ ...MASS_LOSS, windowMs: 20_000 });
    const ids = Array.from({ length: 10_000 }, (_, index) => `f${index}`);
    for (const id of ids) massLoss.change(id, "alive", 0);
    massLoss.change("long-dead", "alive", -100_000);
    massLoss.change("long-dead", "dead", -100_000);
    expect(ids.flatMap((id) => massLoss.change(id, "suspect", 500) ?? [])).toEqual([]);
    const notices = [
      ...ids.map((id) => massLoss.change(id, "dead", 1_000)),
      ...ids.map((id) => massLoss.change(id, "alive", 60_000)),
    ].filter((notice) => notice !== undefined);
    expect(notices.map(({ notice, followers }) => `${notice} ${followers.length}`)).toEqual([
      "mass-loss 10000",
      "mass-loss-over 5001",
    ]);
  });
});
