import type { VerdictCause, VerdictState } from "@skein/contracts";
import * as fc from "fast-check";
import { type Fault, World } from "./testing/world";

const fault = (...kinds: fc.Arbitrary<Fault>[]) => fc.oneof(...kinds);
const ms = (max: number, min = 0) => fc.integer({ min, max });
const will = fc.option(ms(20_000), { nil: undefined });

const loseBeat = fc.constant<Fault>({ kind: "lose-beat" });
const losePing = fc.constant<Fault>({ kind: "lose-ping" });
const speak = fc.constant<Fault>({ kind: "speak" });
const stall = ms(8_000).map((length): Fault => ({ kind: "stall", ms: length }));
const nap = ms(60_000, 2_000).map((length): Fault => ({ kind: "nap", ms: length }));
const busDown = ms(120_000).map((length): Fault => ({ kind: "bus-down", ms: length }));
const reconnect = will.map((willMs): Fault => ({ kind: "reconnect", willMs }));
const stepClock = fc.record({
  kind: fc.constant("step-clock" as const),
  whose: fc.constantFrom("follower" as const, "observer" as const),
  ms: ms(7_200_000, -7_200_000),
});
const maintenance = ms(60_000).map((length): Fault => ({ kind: "maintenance", ms: length }));
const down = fc.record({
  kind: fc.constantFrom("reboot" as const, "restart" as const),
  ms: ms(60_000, 200),
  willMs: will,
});

/** Faults one after another, `apart` ms at least between their beginnings. */
const schedule = (one: fc.Arbitrary<Fault>, apart: number) =>
  fc.array(fc.tuple(ms(30_000), one), { minLength: 1, maxLength: 30 }).map((list) => {
    let at = 20_000;
    return list.map(([gap, what]) => ({ at: (at += apart + gap), fault: what }));
  });
/** What a network does all the time, at any moment of half an hour: between, during and right before the large faults. */
const noise = fc
  .tuple(
    fc.array(fc.tuple(ms(1_800_000, 20_000), fault(loseBeat, loseBeat, speak, stepClock)), { maxLength: 120 }),
    // Two in one silence are more than a stall of 8 s leaves room for (limits.ts, pingBeats).
    fc.array(ms(60_000, 15_000), { maxLength: 50 }),
  )
  .map(([anytime, pauses]) => {
    let at = 20_000;
    return [
      ...anytime.map(([when, what]) => ({ at: when, fault: what })),
      ...pauses.map((pause) => ({ at: (at += pause), fault: { kind: "lose-ping" } as const })),
    ];
  });
const staged = (...faults: (readonly { at: number; fault: Fault }[])[]) => {
  const world = new World();
  for (const { at, fault: what } of faults.flat()) world.in(at, what);
  return { world, end: Math.max(...faults.flat().map(({ at }) => at)) + 200_000 };
};

const CAUSES: Record<VerdictState, readonly VerdictCause[]> = {
  joining: ["first-seen"],
  alive: ["first-seen", "beat", "reboot", "agent-restart", "reconnect", "clock-skew"],
  suspect: ["will", "silence", "link-lost"],
  dead: ["will", "silence", "link-lost"],
  left: ["clean-stop"],
  maintenance: ["request"],
  unknown: ["first-seen", "bus-down", "observer-late", "gateway-lost", "request"],
};

describe("over random schedules", () => {
  it("nobody dies who lives: stalls up to 8 s, naps of the observer, late wills, an absent bus, and lost beats, lost pings and clock steps at any moment among them", () => {
    const harmless = fault(stall, nap, busDown, reconnect, maintenance);
    fc.assert(
      fc.property(schedule(harmless, 21_000), noise, (faults, more) => {
        const { world, end } = staged(faults, more);
        world.play(end);
        expect(world.script.log.filter((line) => line.includes("dead"))).toEqual([]);
        expect(world.script.verdict.state).toBe("alive");
      }),
      { numRuns: 300 },
    );
  });

  it("a wall clock that steps never makes a suspect", () => {
    fc.assert(
      fc.property(schedule(stepClock, 1_000), (faults) => {
        const { world, end } = staged(faults);
        world.play(end);
        expect(world.script.log.filter((line) => !/alive|joining/.test(line))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("who is called dead was gone at that time", () => {
    fc.assert(
      fc.property(schedule(fault(stall, nap, down, reconnect), 21_000), noise, (faults, more) => {
        const { world, end } = staged(faults, more);
        world.play(end);
        for (const line of world.script.log.filter((entry) => entry.includes("dead"))) {
          const at = Number(line.split(" ")[0]) * 1000;
          // What it said last, or its first word after it is back, may be under way for as long as a stall.
          expect(world.off.some(({ from, to }) => from <= at && at <= to + 8_100)).toBe(true);
        }
        expect(world.script.verdict.state).toBe("alive");
      }),
      { numRuns: 200 },
    );
  });

  it("who is gone is dead in the end, and within 15 s of its last sign where the observer was there all the time", () => {
    fc.assert(
      fc.property(schedule(fault(stall, nap, busDown, down, reconnect), 21_000), noise, (faults, more) => {
        const { world, end } = staged(faults, more);
        world.dies(end - 150_000);
        world.play(end + 60_000);
        expect(world.script.verdict.state).toBe("dead");
        const at = Number(world.script.log.at(-1)?.split(" ")[0]) * 1000;
        if (faults.every(({ fault: what }) => what.kind !== "bus-down" && what.kind !== "nap")) {
          expect(at - world.lastSign).toBeLessThanOrEqual(15_000);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("every verdict has a cause that fits, each change is a change, and the detector is not asked without end", () => {
    const anything = fault(loseBeat, losePing, speak, stall, nap, busDown, reconnect, stepClock, maintenance, down);
    fc.assert(
      fc.property(schedule(anything, 0), (faults) => {
        const { world, end } = staged(faults);
        let before = world.script.verdict;
        world.play(end, (verdict) => {
          expect(CAUSES[verdict.state]).toContain(verdict.cause);
          if (verdict !== before) expect({ ...verdict, lastSeenAt: 0 }).not.toEqual({ ...before, lastSeenAt: 0 });
          if (verdict.state === "suspect") expect(verdict.until).toBeDefined();
          expect(verdict.previous?.state).not.toBe("unknown");
          before = verdict;
        });
        expect(world.asked).toBeLessThan(end / 200);
      }),
      { numRuns: 200 },
    );
  });
});
