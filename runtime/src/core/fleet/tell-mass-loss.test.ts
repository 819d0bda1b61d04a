import type { Bus } from "@skein/bus";
import type { MassLossView, VerdictState } from "@skein/contracts";
import { FakeClock, silentLogger } from "@skein/kit";
import { MASS_LOSS, MassLoss } from "./mass-loss";
import { tellMassLoss } from "./tell-mass-loss";

const WINDOW_MS = 20_000;

function house(ids: string, made = "") {
  const clock = new FakeClock();
  const massLoss = new MassLoss({ ...MASS_LOSS, windowMs: WINDOW_MS });
  for (const id of ids) massLoss.change(id, "alive", clock.now());
  const notices: unknown[] = [];
  const views: (MassLossView | undefined)[] = [];
  const teller = tellMassLoss(massLoss, {
    bus: {
      publish: (_message: unknown, _ids: unknown, data: unknown) => Promise.resolve(void notices.push(data)),
    } as unknown as Pick<Bus, "publish">,
    clock,
    logger: silentLogger,
    isVirtual: (id) => made.includes(id),
    onNotice: () => {},
    onChange: (view) => views.push(view),
  });
  const all = (some: string, state: VerdictState) => some.split("").forEach((id) => teller.change(id, state));
  return { teller, since: clock.now(), notices, views, all };
}

describe("what is told of a mass loss", () => {
  it("is nothing while all are only in doubt: a network that stalls for a moment loses nobody", () => {
    const { teller, notices, views, all } = house("abcdefgh");
    all("abcd", "suspect");
    all("abcd", "alive");
    expect([teller.view, notices, views]).toEqual([undefined, [], []]);
  });

  it("is the same on the bus and on the page, from the first death until most are back", () => {
    const { teller, since, notices, views, all } = house("abcdefgh", "b");
    all("abcd", "suspect");
    all("a", "dead");
    const begun = { since, lost: 4, of: 8, back: 0, virtual: true };
    expect(teller.view).toEqual(begun);
    expect(notices).toMatchObject([
      { notice: "mass-loss", followers: ["a", "b", "c", "d"], of: 8, since, virtual: true },
    ]);
    all("bcd", "dead");
    expect(views).toEqual([begun]);
    all("ab", "alive");
    expect(views.slice(1)).toEqual([1, 2].map((back) => ({ ...begun, back })));
    all("c", "alive");
    expect([teller.view, views.at(-1)]).toEqual([undefined, undefined]);
    expect(views).toHaveLength(4);
    expect(notices[1]).toMatchObject({ notice: "mass-loss-over", followers: ["a", "b", "c"], virtual: true });
  });

  it("counts those that follow, and says so when one of them is the first that is made up", () => {
    const { teller, views, all } = house("abcdef", "d");
    all("abc", "dead");
    expect(teller.view).toMatchObject({ lost: 3, virtual: false });
    all("d", "suspect");
    expect(views.at(-1)).toMatchObject({ lost: 4, of: 6, virtual: true });
  });
});
