import type { Watched } from "@skein/fleet";
import { Forgotten } from "./forgotten";

const attic = (state: "left" | "alive" | "dead", run = "r1") =>
  ({ id: "attic", run, session: "s1", verdict: { state } }) as Watched;

describe("a follower that was forgotten", () => {
  const forgotten = () => {
    const made = new Forgotten([]);
    made.add(attic("left"));
    return made;
  };

  it("is hidden while only its leftovers speak, however often one looks", () => {
    const list = forgotten();
    expect([list.hides(attic("left")), list.hides(attic("alive")), list.hides(attic("left"))]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it.each([
    ["a beat", attic("alive")],
    ["a new life", attic("left", "r2")],
  ])("is back for good after %s", (_what, sign) => {
    const list = forgotten();
    list.heard(attic("dead"));
    expect(list.hides(attic("left"))).toBe(true);
    list.heard(sign);
    expect([list.hides(attic("dead")), list.list()]).toEqual([false, []]);
  });

  it("and was removed while it lived is hidden whatever that life still says, and back with a new one", () => {
    const list = new Forgotten([]);
    list.add({ id: "attic", run: "r1", session: "s1", removed: true });
    const later = { ...attic("alive"), session: "s2" };
    list.heard(later);
    expect([list.hides(attic("alive")), list.hides(later)]).toEqual([true, true]);
    list.heard(attic("alive", "r2"));
    expect([list.hides(attic("dead", "r2")), list.list()]).toEqual([false, []]);
  });
});
