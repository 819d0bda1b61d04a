/** What the link decides without waiting for anything: what two changes come to, what the steps of a fade are, what is the matter, and when it is time. */
import * as fc from "fast-check";
import { FakeClock, SkeinError } from "@skein/kit";
import type { Attempt, Condition } from "../diagnosis";
import type { Change, LightState } from "../model";
import { diagnose } from "./diagnose";
import { fadeSteps } from "./fade-steps";
import { Light, touched } from "./light";
import { merge } from "./merge";
import { Schedule } from "./schedule";
import { Standing } from "./standing";

describe("A change that waits and a newer one come to", () => {
  it.each<[string, Change, Change, Change]>([
    [
      "both, of different fields",
      { hue: 9, saturation: 8 },
      { brightness: 5 },
      { hue: 9, saturation: 8, brightness: 5 },
    ],
    ["the newer word for the same field", { brightness: 5 }, { brightness: 50 }, { brightness: 50 }],
    ["off, whatever was to be shown", { hue: 9, brightness: 5 }, { on: false }, { on: false }],
    ["off by brightness 0, too", { hue: 9 }, { brightness: 0, transitionMs: 5 }, { brightness: 0, transitionMs: 5 }],
    ["on again after off, without what off came with", { on: false, transitionMs: 900 }, { on: true }, { on: true }],
    [
      "white instead of colour",
      { hue: 9, saturation: 8, brightness: 5 },
      { kelvin: 3000 },
      { brightness: 5, kelvin: 3000 },
    ],
    ["colour instead of white", { kelvin: 3000 }, { hue: 9 }, { hue: 9 }],
    ["half a colour on top of the other half", { hue: 9 }, { saturation: 4 }, { hue: 9, saturation: 4 }],
    ["an effect instead of colour", { hue: 9 }, { effect: "Aurora" }, { effect: "Aurora" }],
    ["colour instead of an effect", { effect: "Aurora" }, { hue: 9 }, { hue: 9 }],
    ["the newer one's time", { hue: 9, transitionMs: 900 }, { brightness: 5 }, { hue: 9, brightness: 5 }],
  ])("%s", (_, waiting, newer, expected) => {
    expect(merge(waiting, newer)).toEqual(expected);
  });

  it("at most one of colour, white and effect, whatever came", () => {
    const change = fc.record(
      {
        on: fc.boolean(),
        brightness: fc.integer({ min: 0, max: 100 }),
        show: fc.constantFrom<Change>({ hue: 1, saturation: 2 }, { kelvin: 3000 }, { effect: "Aurora" }, {}),
      },
      { requiredKeys: ["show"] },
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const merged = changes.map(({ show, ...rest }): Change => ({ ...rest, ...show })).reduce(merge);
        const shows = [merged.hue ?? merged.saturation, merged.kelvin, merged.effect];
        expect(shows.filter((value) => value !== undefined).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("A light's order", () => {
  const lamp = () => new Light({ info: { id: "kasa-1" } as Light["info"], state: { on: true, brightness: 60 } }, 0);
  const waiter = () => ({ sinceMs: 0, resolve: jest.fn(), reject: jest.fn() });

  it("is one, whatever many ask for, and fails for all of them", () => {
    const light = lamp();
    const waiters = [waiter(), waiter(), waiter()];
    waiters.forEach((each, index) => light.ask({ brightness: index + 1 }, index, each));
    expect(light.order).toMatchObject({ change: { brightness: 3 }, by: 2, waiters });
    light.fail(new Error("gone"));
    expect(waiters.every(({ reject }) => reject.mock.calls.length === 1)).toBe(true);
    expect(light.order).toBeUndefined();
  });

  it("counts for where its brightness is going: what waits, before what is sent, before what is confirmed", () => {
    const light = lamp();
    expect(light.aimedBrightness).toBe(60);
    light.underWay = { brightness: 30 };
    expect(light.aimedBrightness).toBe(30);
    light.ask({ brightness: 10 }, undefined, waiter());
    expect(light.aimedBrightness).toBe(10);
  });
});

describe("A fade in steps", () => {
  it("tells a hand from a device that rounds", () => {
    const known = { on: true, brightness: 40, hue: 10, saturation: 50 };
    expect(touched(known, { ...known, on: false })).toBe(true);
    expect(touched(known, { ...known, brightness: 77 })).toBe(true);
    expect(touched(known, { ...known, brightness: 41, hue: 11 })).toBe(false);
  });

  const from: LightState = { on: true, brightness: 100, hue: 350, saturation: 100 };

  it("begins at once, and ends with exactly what was asked for", () => {
    const steps = fadeSteps(from, { brightness: 20, transitionMs: 1000 });
    expect(steps.map(({ atMs }) => atMs)).toEqual([0, 250, 500, 750]);
    expect(steps.map(({ change }) => change.brightness)).toEqual([80, 60, 40, 20]);
    expect(steps.at(-1)?.change).toEqual({ brightness: 20 });
  });

  it("goes the short way round the colours", () => {
    expect(fadeSteps(from, { hue: 30, transitionMs: 1000 }).map(({ change }) => change.hue)).toEqual([0, 10, 20, 30]);
  });

  it("is dark before it is off, and begins dark what was off", () => {
    expect(fadeSteps(from, { on: false, transitionMs: 500 }).map(({ change }) => change)).toEqual([
      expect.objectContaining({ on: true, brightness: 51 }),
      { on: false },
    ]);
    expect(fadeSteps({ on: false, brightness: 80 }, { on: true, transitionMs: 500 })[0]?.change.brightness).toBe(41);
  });

  it("has no more steps than devices bear, however long it is", () => {
    const steps = fadeSteps(from, { brightness: 1, transitionMs: 600_000 });
    expect(steps).toHaveLength(240);
    expect(steps.at(-1)?.atMs).toBeLessThan(600_000);
  });
});

describe("The diagnosis", () => {
  const tried = (protocol: Attempt["protocol"], answer: string): Attempt => ({
    protocol,
    address: "10.0.0.9:80",
    at: 1,
    answer,
    text: `${protocol} ${answer}`,
  });
  const KLAP = "klap-v2";
  it.each<[string, Attempt[], Condition]>([
    ["nobody answers", [tried("discovery", "KASA_NOT_FOUND"), tried("xor", "KASA_UNREACHABLE")], "unreachable"],
    [
      "it takes the request and is silent",
      [tried("discovery", "KASA_NOT_FOUND"), tried("xor", "KASA_TIMEOUT")],
      "unreachable",
    ],
    ["it was never seen", [tried("discovery", "KASA_NOT_FOUND")], "unreachable"],
    [
      "another device has its address",
      [tried("discovery", "KASA_NOT_FOUND"), tried("xor", "KASA_OTHER_DEVICE")],
      "unreachable",
    ],
    ["it refused the password", [tried("discovery", "ok"), tried(KLAP, "KASA_CREDENTIALS_REFUSED")], "credentials"],
    [
      "it refused the password where it was found",
      [tried(KLAP, "KASA_CREDENTIALS_REFUSED"), tried("discovery", "ok"), tried("xor", "KASA_UNREACHABLE")],
      "credentials",
    ],
    [
      "another device refused the password at its old address, and it is silent at its new one",
      [
        tried(KLAP, "KASA_UNREACHABLE"),
        tried("discovery", "ok"),
        { ...tried(KLAP, "KASA_CREDENTIALS_REFUSED"), address: "10.0.0.3:80" },
      ],
      "unreachable",
    ],
    ["it speaks TPAP only", [tried("tpap", "KASA_NEWER_PROTOCOL"), tried("discovery", "ok")], "newer-protocol"],
    [
      "it says that it speaks TPAP, and nothing listens for another protocol",
      [tried("tpap", "KASA_UNREACHABLE"), tried("discovery", "ok")],
      "newer-protocol",
    ],
    [
      "it says that it speaks TPAP, takes KLAP, and keeps us waiting",
      [tried("tpap", "KASA_TIMEOUT"), tried("discovery", "ok")],
      "unreachable",
    ],
    ["another client fights for it", [tried("discovery", "ok"), tried(KLAP, "KASA_SESSION_TAKEN")], "busy"],
    ["it is seen and refuses", [tried("discovery", "ok"), tried("xor", "KASA_UNREACHABLE")], "unreachable"],
    ["it is seen and is silent", [tried("discovery", "ok"), tried("xor", "KASA_TIMEOUT")], "unreachable"],
    ["it is seen and hangs up once", [tried("discovery", "ok"), tried("xor", "KASA_CONNECTION_LOST")], "unreachable"],
    ["it talks nonsense", [tried("discovery", "KASA_NOT_FOUND"), tried("xor", "KASA_GARBAGE")], "not-understood"],
    [
      "it talks of another protocol and is not found",
      [tried("discovery", "KASA_NOT_FOUND"), tried(KLAP, "KASA_PROTOCOL_CHANGED")],
      "not-understood",
    ],
  ])("when %s", (_, attempts, condition) => {
    expect(diagnose(attempts, false)).toMatchObject({
      condition,
      text: expect.any(String) as string,
      hint: expect.any(String) as string,
    });
  });

  it("calls it busy only when it hangs up again and again: one that starts does not", () => {
    const attempts = (answer: string) => [tried("discovery", "ok"), tried("xor", answer)];
    expect(diagnose(attempts("KASA_CONNECTION_LOST"), true).condition).toBe("busy");
    expect(diagnose(attempts("KASA_UNREACHABLE"), true).condition).toBe("unreachable");
  });

  it("is never about the credentials unless they were refused", () => {
    const answer = fc.constantFrom(
      "ok",
      "KASA_UNREACHABLE",
      "KASA_TIMEOUT",
      "KASA_GARBAGE",
      "KASA_SESSION_TAKEN",
      "KASA_PROTOCOL_CHANGED",
      "KASA_NEWER_PROTOCOL",
      "KASA_CONNECTION_LOST",
      "KASA_NOT_FOUND",
      "KASA_OTHER_DEVICE",
    );
    const attempt = fc.tuple(
      fc.constantFrom<Attempt["protocol"]>("xor", "klap-v1", KLAP, "aes", "tpap", "discovery"),
      answer,
    );
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 6 }), (all) => {
        expect(
          diagnose(
            all.map(([protocol, said]) => tried(protocol, said)),
            false,
          ).condition,
        ).not.toBe("credentials");
      }),
    );
  });
});

describe("A device's timetable", () => {
  const times = { pollMs: 5000, energyMs: 10_000, settleMs: 350 };
  const schedule = (random = 0.5) => {
    const made = new Schedule(times, { next: () => random });
    made.begin(0);
    return made;
  };

  it("has a look every so often, not in step with the other devices", () => {
    expect(schedule(0).lookIn(0)).toBe(4500);
    expect(schedule(0.5).lookIn(1000)).toBe(4000);
    expect(schedule(0.999_999).lookIn(0)).toBeCloseTo(5500, 1);
  });

  it("has one look after a command instead, and none while the device fades", () => {
    const after = schedule();
    after.commanded(4900, 60_000);
    expect(after.lookIn(5000)).toBe(60_250);
    // Somebody asked in between: what it says is not yet what the command brought about.
    expect(after.looked(10_000)).toBe(false);
    expect(after.looked(65_250)).toBe(true);
    expect(after.lookIn(65_250)).toBe(5000);
  });

  it("reads a meter at once and then at its own pace, and never where there is none", () => {
    const metered = schedule();
    expect(metered.meterIn(0)).toBe(0);
    metered.metered(0, true);
    expect(metered.meterIn(0)).toBe(10_000);
    metered.metered(0, false);
    expect(metered.meterIn(0)).toBe(Infinity);
  });
});

describe("What is known of a connection", () => {
  const lost = new SkeinError("KASA_CONNECTION_LOST", "it was lost.");
  const way = { endpoint: { host: "10.0.0.9", port: 9999 }, protocol: "xor" } as const;
  const refused: Attempt = {
    protocol: "xor",
    address: "10.0.0.9:9999",
    at: 0,
    answer: "KASA_UNREACHABLE",
    text: "nobody.",
  };

  it("becomes another when it was tried to the end, is told once, and keeps since when", async () => {
    const clock = new FakeClock(0);
    const told: string[] = [];
    const standing = new Standing(clock, (before) => told.push(`${before.condition} -> ${standing.condition}`));
    standing.connected([]);
    standing.lost(way, lost);
    expect(standing.condition).toBe("ok");
    await clock.advance(1000);
    standing.failed([refused]);
    await clock.advance(1000);
    standing.failed([refused]);
    expect(told).toEqual(["connecting -> ok", "ok -> unreachable"]);
    expect(standing.diagnosis).toMatchObject({ condition: "unreachable", since: 1000, tried: [refused] });
    expect(standing.refusal()).toMatchObject({
      code: "DEVICE_UNREACHABLE",
      message: expect.stringContaining("nobody") as string,
    });
  });

  it("does not grow, however often and wherever it is tried", () => {
    const standing = new Standing(new FakeClock(), () => {});
    for (let n = 0; n < 100; n++) {
      standing.lost(way, lost);
      standing.failed([{ ...refused, address: `10.0.0.${n}:9999` }]);
    }
    expect(standing.diagnosis.tried.length).toBeLessThanOrEqual(12);
  });
});
