import { FakeClock } from "@skein/kit";
import type { FleetMember, FleetView } from "@skein/palette";
import { createAbsences } from "./absence";

const fleet = (lineage?: object) => {
  const listeners = new Set<(member: FleetMember, before: undefined) => void>();
  const view = {
    ...(lineage ? { lineage } : {}),
    onTransition(listener: (member: FleetMember, before: undefined) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as FleetView;
  const happen = (id: string) => listeners.forEach((listener) => listener({ id } as FleetMember, undefined));
  return { view, happen, listeners };
};

describe("what happens while a node is redeployed", () => {
  it("is told to the node that follows it, once", () => {
    const absences = createAbsences(new FakeClock());
    const { view, happen, listeners } = fleet();
    absences.begin("m", view);
    happen("cv-1");
    expect(absences.over("m", view)).toEqual([[{ id: "cv-1" }, undefined]]);
    expect(absences.over("m", view)).toEqual([]);
    expect(listeners.size).toBe(0);
  });

  it("is told also when the deploy made the view of its fleet anew", () => {
    const absences = createAbsences(new FakeClock());
    const lineage = {};
    const { view, happen } = fleet(lineage);
    absences.begin("m", view);
    happen("cv-1");
    expect(absences.over("m", fleet(lineage).view)).toHaveLength(1);
  });

  it("is forgotten when the node does not come back, or listens to another bus", async () => {
    const clock = new FakeClock();
    const absences = createAbsences(clock);
    const { view, happen, listeners } = fleet();
    absences.begin("m", view);
    happen("cv-1");
    await clock.advance(20_001);
    expect(listeners.size).toBe(0);
    expect(absences.over("m", view)).toEqual([]);
    absences.begin("m", view);
    happen("cv-1");
    expect(absences.over("m", fleet().view)).toEqual([]);
  });
});
