import { spansOf } from "./verdict-spans";

const change = (at: number, state: string) => ({ at, state, cause: "beat" });

describe("Stretches of verdicts", () => {
  it("follow on each other, and the last one lasts", () => {
    expect(spansOf([change(10, "alive"), change(20, "dead")], 0, 100)).toEqual([
      { from: 10, to: 20, state: "alive", cause: "beat" },
      { from: 20, state: "dead", cause: "beat" },
    ]);
  });

  it("are those that the range touches", () => {
    const all = [change(10, "alive"), change(20, "suspect"), change(30, "dead"), change(40, "alive")];
    expect(spansOf(all, 22, 35).map(({ state }) => state)).toEqual(["suspect", "dead"]);
  });

  it("follow the newest word when the clock was set back", () => {
    const told = [change(100, "alive"), change(130, "dead"), change(160, "alive"), change(120, "suspect")];
    expect(spansOf(told, 0, 200)).toEqual([
      { from: 100, to: 120, state: "alive", cause: "beat" },
      { from: 120, state: "suspect", cause: "beat" },
    ]);
  });
});
