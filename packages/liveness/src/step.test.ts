import { beat, beating, birth, boots, message, presence, Script } from "./testing/script";
import type { VerdictData } from "@skein/contracts";

const alive = () => beating(new Script(), 0, 20);
const later = { run: "r1", session: "s2" };
const known = (state: VerdictData["state"], cause: VerdictData["cause"], since = 5): VerdictData => ({
  state,
  cause,
  since,
  virtual: false,
  lastSeenAt: 900_000,
});
const remembered = (verdict: VerdictData) =>
  new Script({ linkUp: false, remembered: { verdict, bootId: boots[0], life: { run: "r1", session: "s1" } } });

const stories: [string, () => Script, string[]][] = [
  [
    "a follower that is born and beats is joining, then alive",
    () => new Script().see(birth()).at(100, beat()),
    ["0 joining first-seen", "0.1 alive first-seen"],
  ],
  [
    "one that is unplugged is suspected at one and a half beats, and dead before 15 s",
    () => alive().until(60_000),
    ["0 alive first-seen", "27.5 suspect silence", "34.5 dead silence"],
  ],
  [
    "a will of its session makes a suspect after the hold, dead 3 s after the will",
    () => alive().at(21_000, presence("lost")).until(60_000),
    ["0 alive first-seen", "21.2 suspect will", "24 dead will"],
  ],
  [
    "back within the grace it was only a reconnection",
    () => beating(alive().at(21_000, presence("lost")).at(22_000, presence("online", later)), 25, 60, later),
    ["0 alive first-seen", "21.2 suspect will", "22 alive reconnect"],
  ],
  [
    "the will of an older session is ignored",
    () => beating(alive().at(21_000, presence("online", later)).at(22_000, presence("lost")), 25, 40, later),
    ["0 alive first-seen", "21 alive reconnect"],
  ],
  [
    "the will of a session that was never heard is ignored",
    () => beating(alive().at(22_000, presence("lost", { session: "s9" })), 25, 40),
    ["0 alive first-seen"],
  ],
  [
    "a kept will is a hint only: silence decides",
    () =>
      alive()
        .at(21_000, presence("lost", { retained: true }))
        .until(60_000),
    ["0 alive first-seen", "27.5 suspect silence", "34.5 dead silence"],
  ],
  [
    "a will in the moment in which our own link goes down says nothing",
    () =>
      beating(
        alive()
          .at(21_000, presence("lost"))
          .at(21_100, { kind: "link", up: false })
          .at(23_000, { kind: "link", up: true })
          .at(24_000, presence("online", later)),
        25,
        90,
        later,
      ),
    ["0 alive first-seen", "21.1 unknown bus-down", "24 alive reconnect"],
  ],
  [
    "a will from before a broker's restart, sent after it, is a hint only",
    () =>
      beating(
        alive()
          .at(21_000, { kind: "link", up: false })
          .at(23_000, { kind: "link", up: true })
          .at(23_100, presence("lost"))
          .at(40_000, presence("online", later)),
        45,
        90,
        later,
      ),
    ["0 alive first-seen", "21 unknown bus-down", "40 alive reconnect"],
  ],
  [
    "while the bus is down nobody dies",
    () => alive().at(21_000, { kind: "link", up: false }).until(3_600_000),
    ["0 alive first-seen", "21 unknown bus-down"],
  ],
  [
    "the bus is back and it is not: dead after the grace and a whole silence",
    () => alive().at(21_000, { kind: "link", up: false }).at(100_000, { kind: "link", up: true }).until(200_000),
    ["0 alive first-seen", "21 unknown bus-down", "127.5 suspect silence", "134.5 dead silence"],
  ],
  [
    "a stall of 3 s makes a suspect of a steady one for half a second",
    () => beating(alive().at(28_000, beat()), 30, 60),
    ["0 alive first-seen", "27.5 suspect silence", "28 alive beat"],
  ],
  [
    "a stall of 8 s makes a suspect, never a dead one",
    () => beating(alive().at(32_900, beat()).at(32_900, beat()), 35, 60),
    ["0 alive first-seen", "27.5 suspect silence", "32.9 alive beat"],
  ],
  [
    "any other message is a sign of life",
    () => alive().at(26_000, message()).until(34_600),
    ["0 alive first-seen", "32.5 suspect silence"],
  ],
  [
    "an answered ping is one, too",
    () => alive().at(29_000, { kind: "pong" }).until(34_600),
    ["0 alive first-seen", "27.5 suspect silence", "29 alive beat", "32.5 suspect silence"],
  ],
  [
    "after goodbye it has left, and silence is no news",
    () => alive().at(21_000, presence("leaving")).at(21_001, message()).until(100_000),
    ["0 alive first-seen", "21 left clean-stop"],
  ],
  [
    "it left and came back as a new process",
    () =>
      alive()
        .at(21_000, presence("leaving"))
        .at(60_000, birth({ run: "r2", session: "s2" })),
    ["0 alive first-seen", "21 left clean-stop", "60 alive agent-restart"],
  ],
  [
    "a new boot id is a reboot, also when presence comes first",
    () =>
      alive()
        .at(21_000, presence("online", { run: "r2", session: "s2" }))
        .at(21_100, birth({ run: "r2", session: "s2", bootId: boots[1] })),
    ["0 alive first-seen", "21.1 alive reboot"],
  ],
  [
    "a new run on the same boot is an agent's restart",
    () =>
      alive()
        .at(21_000, presence("online", { run: "r2", session: "s2" }))
        .at(21_100, birth({ run: "r2", session: "s2" })),
    ["0 alive first-seen", "21.1 alive agent-restart"],
  ],
  [
    "a new run that never says its boot is called an agent's restart",
    () =>
      alive()
        .at(21_000, presence("online", { run: "r2", session: "s2" }))
        .until(22_000),
    ["0 alive first-seen", "21.5 alive agent-restart"],
  ],
  [
    "dead, then rebooted",
    () =>
      alive()
        .until(40_000)
        .at(100_000, presence("online", { run: "r2", session: "s2" }))
        .at(100_010, beat({ run: "r2", session: "s2", bootId: boots[1] })),
    ["0 alive first-seen", "27.5 suspect silence", "34.5 dead silence", "100.01 alive reboot"],
  ],
  [
    "the observer slept 20 s: it doubts itself, then hears",
    () => beating(alive().wakesAt(43_000).at(43_010, beat()), 45, 80),
    ["0 alive first-seen", "43 unknown observer-late", "43.01 alive beat"],
  ],
  [
    "the observer slept, and the follower died meanwhile: a fresh whole silence",
    () => alive().wakesAt(43_000).until(100_000),
    ["0 alive first-seen", "43 unknown observer-late", "50.5 suspect silence", "57.5 dead silence"],
  ],
  [
    "the observer slept and does not know it: still nobody dies unasked",
    () => alive().asleepUntil(43_000).see({ kind: "tick" }).until(100_000),
    ["0 alive first-seen", "43 suspect silence", "50 dead silence"],
  ],
  [
    "a sleep within the grace of a will pushes the grace",
    () => alive().at(21_000, presence("lost")).until(22_000).wakesAt(42_000).until(100_000),
    ["0 alive first-seen", "21.2 suspect will", "44 dead will"],
  ],
  [
    "in maintenance nothing is judged; afterwards it has a whole silence's time",
    () => alive().at(21_000, { kind: "maintenance", forMs: 60_000 }).until(200_000),
    ["0 alive first-seen", "21 maintenance request", "81 unknown request", "88.5 suspect silence", "95.5 dead silence"],
  ],
  [
    "maintenance ended early while it beats",
    () =>
      beating(alive().at(21_000, { kind: "maintenance", forMs: 60_000 }), 25, 30).at(31_000, {
        kind: "maintenance",
        forMs: 0,
      }),
    ["0 alive first-seen", "21 maintenance request", "31 alive beat"],
  ],
  [
    "behind a bridge that is dead nobody can be heard",
    () =>
      beating(new Script().see(birth({ via: "gate" })), 0, 20)
        .at(21_000, { kind: "bridge", state: "down" })
        .until(100_000),
    ["0 joining first-seen", "0 alive first-seen", "21 unknown gateway-lost"],
  ],
  [
    "behind a bridge in doubt nobody dies before it",
    () =>
      beating(new Script().see(birth({ via: "gate" })), 0, 20)
        .at(26_000, { kind: "bridge", state: "doubtful" })
        .until(100_000)
        .see({ kind: "bridge", state: "up" })
        .until(130_000),
    ["0 joining first-seen", "0 alive first-seen", "107.5 suspect link-lost", "114.5 dead link-lost"],
  ],
  [
    "a board that its living bridge dropped has lost its cable",
    () =>
      beating(new Script().see(birth({ via: "gate" })), 0, 20)
        .at(21_000, presence("lost"))
        .until(100_000),
    ["0 joining first-seen", "0 alive first-seen", "21.2 suspect link-lost", "24 dead link-lost"],
  ],
  [
    "a board that was cut off together with its bridge is behind a dead bridge, whoever's will came first",
    () =>
      beating(new Script().see(birth({ via: "gate" })), 0, 20)
        .at(21_000, presence("lost"))
        .at(21_250, { kind: "bridge", state: "doubtful" })
        .until(24_100)
        .see({ kind: "bridge", state: "down" })
        .until(100_000),
    ["0 joining first-seen", "0 alive first-seen", "21.2 suspect link-lost", "24.1 unknown gateway-lost"],
  ],
  [
    "what the broker kept for us while we were away is no sign of life; a beat is",
    () =>
      alive()
        .at(21_000, { kind: "link", up: false })
        .at(60_000, { kind: "link", up: true, resumed: true })
        .at(60_010, presence("online", later))
        .at(60_011, presence("lost", later))
        .at(60_012, message(later))
        .at(70_000, beat({ session: "s3" })),
    ["0 alive first-seen", "21 unknown bus-down", "70 alive reconnect"],
  ],
  [
    "after a restart of the leader it is unknown until heard",
    () => remembered(known("alive", "beat")).at(100, { kind: "link", up: true }).at(3_000, beat()),
    ["3 alive beat"],
  ],
  [
    "after a restart of the leader the dead are dead again when nothing was heard",
    () => remembered(known("dead", "will")).at(100, { kind: "link", up: true }).until(200_000),
    ["34.6 dead will"],
  ],
  [
    "after a restart of the leader a kept goodbye tells who left",
    () =>
      remembered(known("alive", "beat"))
        .at(100, { kind: "link", up: true })
        .at(200, presence("leaving", { retained: true }))
        .until(200_000),
    ["0.2 left clean-stop"],
  ],
  [
    "a slow follower that is remembered with its interval does not die before its next beat",
    () =>
      new Script({
        linkUp: false,
        remembered: { verdict: known("alive", "beat"), bootId: boots[0], beatMs: 60_000 },
      })
        .at(100, { kind: "link", up: true })
        .at(59_000, beat({ nextInMs: 60_000 }))
        .until(140_000),
    ["59 alive beat"],
  ],
  [
    "a slow follower that says so at its birth has time for its first beat",
    () =>
      new Script()
        .see(birth({ beatMs: 60_000 }))
        .at(59_000, beat({ nextInMs: 60_000 }))
        .until(140_000),
    ["0 joining first-seen", "59 alive first-seen"],
  ],
  [
    "a kept `online` is no sign of life",
    () =>
      remembered(known("alive", "beat"))
        .at(100, { kind: "link", up: true })
        .at(200, presence("online", { retained: true }))
        .until(50_000),
    ["27.6 suspect silence", "34.6 dead silence"],
  ],
  [
    "one that only a kept birth knows was gone before we looked",
    () => new Script().see(birth({ retained: true })).until(100_000),
    ["34.5 dead silence"],
  ],
];

describe("the detector", () => {
  it.each(stories)("%s", (_sentence, play, verdicts) => {
    expect(play().log).toEqual(verdicts);
  });

  it("says an offset of the follower's clock, and only of alive ones", () => {
    const script = alive();
    script.wallOffset -= 3_600_000; // ours went back an hour; the follower's did not
    for (let s = 25; s <= 40; s += 5) script.at(s * 1000, beat({ at: s * 1000 + 1_000_000 }));
    expect(script.log).toEqual(["0 alive first-seen", "30 alive clock-skew"]);
    expect(script.verdict.clockOffsetMs).toBe(3_600_000);
    script.wallOffset += 3_600_000;
    beating(script, 45, 55);
    expect(script.log.slice(2)).toEqual(["50 alive beat"]);
    expect(script.verdict).not.toHaveProperty("clockOffsetMs");
  });

  it("takes beats that a stall delayed for late, not for a slow clock", () => {
    const script = alive();
    for (const sent of [25, 30, 35, 40, 45, 50, 55, 60]) script.at(64_000, beat({ at: sent * 1000 + 1_000_000 }));
    beating(script, 65, 80);
    expect(script.log.filter((line) => line.includes("clock"))).toEqual([]);
  });

  it("pings closely before there is any suspicion, then wider, until death", () => {
    expect(
      alive()
        .until(60_000)
        .pings.map((ms) => ms / 1000 - 20),
    ).toEqual([5.5, 6, 6.5, 7, 8, 9, 10, 11, 12, 13, 14]);
  });

  it("counts silence from the last beat that it must have sent, not from what else it said", () => {
    const script = alive().at(24_900, message()).until(60_000);
    expect(script.log.at(-1)).toBe("34.5 dead silence");
  });

  it("follows a slower rhythm that the follower announced", () => {
    const script = alive()
      .at(25_000, beat({ nextInMs: 20_000 }))
      .until(200_000);
    expect(script.log).toEqual(["0 alive first-seen", "55 suspect silence", "83 dead silence"]);
  });

  it("says until when it doubts, and what was before", () => {
    const script = alive().until(28_000);
    expect(script.verdict).toEqual({
      state: "suspect",
      cause: "silence",
      since: 1_027_500,
      until: 1_034_500,
      lastSeenAt: 1_020_000,
      virtual: false,
      previous: { state: "alive", cause: "first-seen", since: 1_000_000, lastSeenAt: 1_000_000 },
    });
  });

  it("takes up the old `since` after unknown, so that no edge appears", () => {
    const script = beating(
      alive().at(21_000, { kind: "link", up: false }).at(23_000, { kind: "link", up: true }),
      25,
      30,
    );
    expect(script.verdict).toMatchObject({ state: "alive", since: 1_000_000 });
    expect(script.verdict).not.toHaveProperty("previous");
    const dead = remembered({ ...known("dead", "will"), previous: { state: "alive", cause: "beat", since: 1 } })
      .at(100, { kind: "link", up: true })
      .until(200_000);
    expect(dead.verdict).toMatchObject({
      state: "dead",
      cause: "will",
      since: 5,
      previous: { state: "alive", cause: "beat", since: 1 },
    });
  });

  it("tells from `previous` since when one was away and when it was heard last, also when the bus was down in between", () => {
    const script = alive()
      .until(40_000)
      .see({ kind: "link", up: false })
      .at(50_000, { kind: "link", up: true })
      .at(60_000, beat({ session: "s2" }));
    expect(script.log.slice(2)).toEqual(["34.5 dead silence", "40 unknown bus-down", "60 alive reconnect"]);
    expect(script.verdict.previous).toEqual({
      state: "dead",
      cause: "silence",
      since: 1_034_500,
      lastSeenAt: 1_020_000,
    });
  });

  it("resumes a maintenance that outlived a restart of the leader", () => {
    const script = remembered({ ...known("maintenance", "request"), until: 1_050_000 })
      .at(100, { kind: "link", up: true })
      .until(49_000);
    expect(script.verdict).toMatchObject({ state: "maintenance", until: 1_050_000 });
    expect(script.until(51_000).log).toEqual(["50 unknown request"]);
  });

  it("counts missed beats, and not those that only came late", () => {
    const script = alive().at(35_000, beat());
    expect(script.memory.beatsMissed).toBe(2);
    script.at(35_001, beat()).at(35_002, beat());
    expect([script.memory.beatsMissed, script.memory.beatsReceived]).toEqual([0, 8]);
  });
});
