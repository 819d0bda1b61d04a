import { FakeClock } from "@skein/kit";
import { createAbsences } from "./absence";

const someView = (lineage?: object) => {
  const listeners = new Set<(news: string) => void>();
  return {
    ...(lineage ? { lineage } : {}),
    listeners,
    tell: (news: string) => listeners.forEach((listener) => listener(news)),
  };
};
type View = ReturnType<typeof someView> & { readonly lineage?: object };
const absencesBy = (clock: FakeClock) =>
  createAbsences<View, string>(clock, (view, hear) => {
    view.listeners.add(hear);
    return () => void view.listeners.delete(hear);
  });

describe("a node that a deploy makes anew", () => {
  it("is told what happened meanwhile, once", () => {
    const absences = absencesBy(new FakeClock());
    const view = someView();
    absences.begin("n", view);
    view.tell("press");
    expect(absences.over("n", view)).toEqual(["press"]);
    expect(absences.over("n", view)).toEqual([]);
    expect(view.listeners.size).toBe(0);
  });

  it("is told also when the deploy made anew what it listens to", () => {
    const absences = absencesBy(new FakeClock());
    const lineage = {};
    const view = someView(lineage);
    absences.begin("n", view);
    view.tell("press");
    expect(absences.over("n", someView(lineage))).toEqual(["press"]);
  });

  it("is told nothing of what it did not listen to, nor of what was long ago", async () => {
    const clock = new FakeClock();
    const absences = absencesBy(clock);
    const view = someView();
    absences.begin("n", view);
    view.tell("press");
    expect(absences.over("n", someView())).toEqual([]);
    absences.begin("n", view);
    view.tell("press");
    await clock.advance(20_001);
    expect(view.listeners.size).toBe(0);
    expect(absences.over("n", view)).toEqual([]);
  });
});
