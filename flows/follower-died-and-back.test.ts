import { until } from "../test/support/eventually";
import { startFlow, type FlowHouse } from "./support/house";

const FLOW = "follower-died-and-back.json";
const MINUTE = 60_000;

/** What the flow has said, as sentences, once there are so many. */
async function sentences(house: FlowHouse, count: number): Promise<string[]> {
  await until(() => house.news.length >= count);
  return house.news.map(({ text }) => text);
}

// The flow file is the same: it names the house's bus, and what that is is the flow host's business.
describe.each(["memory", "redis"] as const)("a follower died, or is back, with bus: %s", (transport) => {
  let house: FlowHouse;
  beforeEach(async () => void (house = await startFlow(FLOW, transport)));
  afterEach(() => house.close());

  it("tells who died and why, and who is back after how long, as an event on the bus", async () => {
    const died = Date.UTC(2026, 0, 1, 12);
    await house.say("cv-1", "alive", { since: died - 9 * MINUTE });
    await house.say("cv-1", "dead", { cause: "will", since: died, lastSeenAt: died - 4000 });
    await sentences(house, 1);
    await house.say("cv-1", "alive", { cause: "reboot", since: died + 12 * MINUTE });
    expect(await sentences(house, 2)).toEqual([
      "cv-1 died: its connection died.",
      "cv-1 is back after 12 minutes (it was rebooted).",
    ]);
    expect(house.news).toEqual([
      { kind: "died", text: expect.any(String), followers: ["cv-1"], cause: "will" },
      { kind: "back", text: expect.any(String), followers: ["cv-1"], cause: "reboot", awayMs: 12 * MINUTE + 4000 },
    ]);
  });
});

describe("a follower died, or is back", () => {
  let house: FlowHouse;
  const start = Date.UTC(2026, 0, 1, 12);
  const all = ["a", "b", "c", "d"];
  beforeEach(async () => {
    house = await startFlow(FLOW);
    for (const id of [...all, "e"]) await house.say(id, "alive");
  });
  afterEach(() => house.close());

  it("says nothing of a doubt that ends well, of a clean goodbye, of maintenance, and of somebody new", async () => {
    await house.say("a", "suspect", { cause: "silence" });
    await house.say("a", "alive");
    await house.say("b", "left", { cause: "clean-stop" });
    await house.say("c", "maintenance", { cause: "request" });
    await house.say("new", "alive", { cause: "first-seen" });
    await house.say("d", "dead", { cause: "silence" });
    expect(await sentences(house, 1)).toEqual(["d died: it fell silent."]);
  });

  it("marks a made-up follower as one", async () => {
    await house.say("a", "dead", { cause: "will", virtual: true });
    const lost = { followers: ["a", "b", "c"], since: start, virtual: true };
    await house.notice({ notice: "mass-loss", of: 5, ...lost });
    await house.notice({ notice: "mass-loss-over", lastedMs: MINUTE, ...lost });
    expect(await sentences(house, 3)).toEqual([
      "a (VIRTUAL) died: its connection died.",
      "3 of 5 followers (VIRTUAL) were lost together: a, b, c. Look at what they share: power, switch, Wi-Fi.",
      "After 60 s most (VIRTUAL) are back: a, b, c.",
    ]);
  });

  it("tells one message for a mass loss, not one for each, and one when most are back, with who is not", async () => {
    for (const id of ["a", "b", "c"]) await house.say(id, "suspect", { cause: "will" });
    await house.notice({ notice: "mass-loss", followers: ["a", "b", "c"], of: 5, since: start });
    for (const id of all) await house.say(id, "dead", { cause: "will", since: start + 3000 });
    for (const id of ["a", "b"]) await house.say(id, "alive", { since: start + 5 * MINUTE });
    await house.notice({ notice: "mass-loss-over", followers: ["a", "b", "c"], since: start, lastedMs: 5 * MINUTE });
    // The verdict that ended it comes after the notice, and is told by it.
    await house.say("c", "alive", { since: start + 5 * MINUTE });
    await house.say("d", "alive", { since: start + 3 * 60 * MINUTE });
    expect(await sentences(house, 3)).toEqual([
      "3 of 5 followers were lost together: a, b, c. Look at what they share: power, switch, Wi-Fi.",
      "After 5 minutes most are back: a, b, c. Still away: d.",
      "d is back after 3 hours.",
    ]);
    expect(house.news[1]).toMatchObject({ kind: "mass-loss-over", awayMs: 5 * MINUTE, stillAway: ["d"] });
  });

  it("tells of each return itself when a mass loss is ten minutes old and the leader's word that it is over stays out", async () => {
    await house.notice({ notice: "mass-loss", followers: ["a", "b", "c"], of: 5, since: start });
    for (const id of ["a", "b", "c"]) await house.say(id, "dead", { cause: "will", since: start + 3000 });
    await house.say("a", "alive", { since: start + 5 * MINUTE });
    await house.say("b", "alive", { since: start + 11 * MINUTE });
    expect((await sentences(house, 2))[1]).toBe("b is back after 11 minutes.");
    house.press("skein-died-minute");
    expect((await sentences(house, 3))[2]).toBe("Back after the mass loss: a. Still away: c.");
    house.press("skein-died-minute");
    await house.say("c", "alive", { since: start + 60 * MINUTE });
    expect((await sentences(house, 4))[3]).toBe("c is back after 60 minutes.");
  });

  it("leaves the first ten minutes of a mass loss to the leader", async () => {
    const now = Date.now();
    await house.notice({ notice: "mass-loss", followers: ["a", "b", "c"], of: 5, since: now });
    for (const id of ["a", "b", "c"]) await house.say(id, "dead", { cause: "will", since: now + 3000 });
    await house.say("a", "alive", { since: now + MINUTE });
    await house.seen("a", "alive");
    house.press("skein-died-minute");
    await house.notice({ notice: "mass-loss-over", followers: ["a", "b"], since: now, lastedMs: MINUTE });
    house.press("skein-died-minute");
    await house.say("c", "alive", { since: now + 12 * MINUTE });
    expect((await sentences(house, 3)).slice(1)).toEqual([
      "After 60 s most are back: a, b. Still away: c.",
      "c is back after 12 minutes.",
    ]);
  });

  it("tells of a death that comes long after a mass loss began, while that is still on", async () => {
    await house.notice({ notice: "mass-loss", followers: ["a", "b", "c"], of: 5, since: start });
    await house.say("e", "dead", { cause: "silence", since: start + 10 * MINUTE });
    expect((await sentences(house, 2))[1]).toBe("e died: it fell silent.");
  });

  it("names five of many", async () => {
    const many = Array.from({ length: 9 }, (_, index) => `cam-${index}`);
    await house.notice({ notice: "mass-loss", followers: many, of: 10, since: start });
    expect((await sentences(house, 1))[0]).toContain("cam-0, cam-1, cam-2, cam-3, cam-4 and 4 more");
  });

  it.each`
    awayMs               | words
    ${400}               | ${"1 s"}
    ${89_000}            | ${"89 s"}
    ${2 * MINUTE}        | ${"2 minutes"}
    ${100 * MINUTE}      | ${"2 hours"}
    ${5 * 1440 * MINUTE} | ${"5 days"}
  `("says $words for $awayMs ms", async ({ awayMs, words }: { awayMs: number; words: string }) => {
    await house.say("a", "dead", { cause: "silence", since: start, lastSeenAt: start });
    await house.say("a", "alive", { since: start + awayMs });
    expect((await sentences(house, 2))[1]).toBe(`a is back after ${words}.`);
  });
});
