import { FakeClock } from "@skein/kit";
import { createAbsences } from "./absence";
import type { LightDesk, News } from "./light-desk";

const press = { light: { id: "lamp" } } as News;

function someDesk() {
  const listeners = new Set<(news: News) => void>();
  const onNews: LightDesk["onNews"] = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    desk: { onNews } as LightDesk,
    tell: () => listeners.forEach((listener) => listener(press)),
    listeners,
  };
}

describe("a node that a deploy makes anew", () => {
  it("is told what was done by hand meanwhile, once", () => {
    const absences = createAbsences(new FakeClock());
    const { desk, tell, listeners } = someDesk();
    absences.begin("n", desk);
    tell();
    expect(absences.over("n", desk)).toEqual([press]);
    expect(absences.over("n", desk)).toEqual([]);
    expect(listeners.size).toBe(0);
  });

  it("is told nothing of other lights than it had, nor of what was long ago", async () => {
    const clock = new FakeClock();
    const absences = createAbsences(clock);
    const { desk, tell, listeners } = someDesk();
    absences.begin("n", desk);
    tell();
    expect(absences.over("n", someDesk().desk)).toEqual([]);
    absences.begin("n", desk);
    tell();
    await clock.advance(20_001);
    expect(listeners.size).toBe(0);
    expect(absences.over("n", desk)).toEqual([]);
  });
});
