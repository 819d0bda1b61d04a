import { verdictCause, verdictState, type VerdictCause, type VerdictData, type VerdictState } from "@skein/contracts";
import { causeWords, countdownWords, headline, massLossWords, returnWords, span, verdictWords } from "./words";

/** Every state with every cause, also those that no detector should say today: a page must find words for whatever comes. */
const table = `
    joining     | will          | joining, connection died
    joining     | silence       | joining, no sign of life
    joining     | clean-stop    | joining, said goodbye
    joining     | reboot        | joining, rebooted
    joining     | agent-restart | joining, agent restarted
    joining     | reconnect     | joining, reconnected
    joining     | gateway-lost  | joining, its gateway is lost
    joining     | link-lost     | joining, the cable to it does not answer
    joining     | bus-down      | joining, the broker is away
    joining     | observer-late | joining, the leader itself was stalled
    joining     | clock-skew    | joining, its clock is off
    joining     | first-seen    | joining, seen for the first time
    joining     | beat          | joining, first beats
    joining     | request       | joining, on request
    alive       | will          | alive, connected again
    alive       | silence       | alive, heard again
    alive       | clean-stop    | alive, came back
    alive       | reboot        | alive, rebooted
    alive       | agent-restart | alive, agent restarted
    alive       | reconnect     | alive, on a new connection
    alive       | gateway-lost  | alive, its gateway is back
    alive       | link-lost     | alive, the cable to it answers again
    alive       | bus-down      | alive, the broker is back
    alive       | observer-late | alive, heard again after the leader was stalled
    alive       | clock-skew    | alive, its clock is off
    alive       | first-seen    | alive, first seen
    alive       | beat          | alive
    alive       | request       | alive, back from maintenance
    suspect     | will          | suspect, connection died
    suspect     | silence       | suspect, no sign of life
    suspect     | clean-stop    | suspect, said goodbye
    suspect     | reboot        | suspect, rebooted
    suspect     | agent-restart | suspect, agent restarted
    suspect     | reconnect     | suspect, reconnected
    suspect     | gateway-lost  | suspect, its gateway is lost
    suspect     | link-lost     | suspect, the cable to it does not answer
    suspect     | bus-down      | suspect, the broker is away
    suspect     | observer-late | suspect, the leader itself was stalled
    suspect     | clock-skew    | suspect, its clock is off
    suspect     | first-seen    | suspect, seen for the first time
    suspect     | beat          | suspect, heard a beat
    suspect     | request       | suspect, on request
    dead        | will          | dead, connection died
    dead        | silence       | dead, no sign of life
    dead        | clean-stop    | dead, said goodbye
    dead        | reboot        | dead, rebooted
    dead        | agent-restart | dead, agent restarted
    dead        | reconnect     | dead, reconnected
    dead        | gateway-lost  | dead, its gateway is lost
    dead        | link-lost     | dead, the cable to it does not answer
    dead        | bus-down      | dead, the broker is away
    dead        | observer-late | dead, the leader itself was stalled
    dead        | clock-skew    | dead, its clock is off
    dead        | first-seen    | dead, seen for the first time
    dead        | beat          | dead, heard a beat
    dead        | request       | dead, on request
    left        | will          | left, connection died
    left        | silence       | left, no sign of life
    left        | clean-stop    | left, said goodbye
    left        | reboot        | left, rebooted
    left        | agent-restart | left, agent restarted
    left        | reconnect     | left, reconnected
    left        | gateway-lost  | left, its gateway is lost
    left        | link-lost     | left, the cable to it does not answer
    left        | bus-down      | left, the broker is away
    left        | observer-late | left, the leader itself was stalled
    left        | clock-skew    | left, its clock is off
    left        | first-seen    | left, seen for the first time
    left        | beat          | left, heard a beat
    left        | request       | left, on request
    maintenance | will          | in maintenance, connection died
    maintenance | silence       | in maintenance, no sign of life
    maintenance | clean-stop    | in maintenance, said goodbye
    maintenance | reboot        | in maintenance, rebooted
    maintenance | agent-restart | in maintenance, agent restarted
    maintenance | reconnect     | in maintenance, reconnected
    maintenance | gateway-lost  | in maintenance, its gateway is lost
    maintenance | link-lost     | in maintenance, the cable to it does not answer
    maintenance | bus-down      | in maintenance, the broker is away
    maintenance | observer-late | in maintenance, the leader itself was stalled
    maintenance | clock-skew    | in maintenance, its clock is off
    maintenance | first-seen    | in maintenance, seen for the first time
    maintenance | beat          | in maintenance, heard a beat
    maintenance | request       | in maintenance, on request
    unknown     | will          | unknown, connection died
    unknown     | silence       | unknown, no sign of life
    unknown     | clean-stop    | unknown, said goodbye
    unknown     | reboot        | unknown, rebooted
    unknown     | agent-restart | unknown, agent restarted
    unknown     | reconnect     | unknown, reconnected
    unknown     | gateway-lost  | unknown, its gateway is lost
    unknown     | link-lost     | unknown, the cable to it does not answer
    unknown     | bus-down      | unknown, the broker is away
    unknown     | observer-late | unknown, the leader itself was stalled
    unknown     | clock-skew    | unknown, its clock is off
    unknown     | first-seen    | unknown, not heard since the leader started
    unknown     | beat          | unknown, not heard since the leader started
    unknown     | request       | unknown, back from maintenance, not heard yet
`;
const rows = table
  .trim()
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()) as [VerdictState, VerdictCause, string]);

const NOW = Date.UTC(2026, 0, 1);
const verdict = (parts: Partial<VerdictData>): VerdictData => ({
  state: "alive",
  cause: "beat",
  since: NOW - 60_000,
  lastSeenAt: NOW - 1_400,
  virtual: false,
  ...parts,
});

describe("a verdict in words", () => {
  it.each(rows)("%s by %s is: %s", (state, cause, words) => {
    expect(headline({ state, cause })).toBe(words);
  });

  it("has exactly one row for every state and cause", () => {
    const pairs = verdictState.options.flatMap((state) => verdictCause.options.map((cause) => `${state} ${cause}`));
    expect(rows.map(([state, cause]) => `${state} ${cause}`).toSorted()).toEqual(pairs.toSorted());
  });

  it("never words unknown like dead", () => {
    for (const cause of verdictCause.options)
      expect(headline({ state: "unknown", cause })).not.toMatch(/dead|lost connection/);
  });

  it.each([
    [verdict({ state: "dead", cause: "will" }), "dead, connection died, last beat 1.4 s ago"],
    [verdict({}), "alive, last beat 1.4 s ago"],
    [verdict({ cause: "reboot", since: NOW - 12_000 }), "alive, rebooted 12 s ago, last beat 1.4 s ago"],
    [verdict({ cause: "first-seen", since: NOW - 7_200_000 }), "alive, first seen 2 h ago, last beat 1.4 s ago"],
    [
      verdict({ state: "suspect", cause: "silence", lastSeenAt: NOW - 8_000 }),
      "suspect, no sign of life, last beat 8.0 s ago",
    ],
    [
      verdict({ state: "unknown", cause: "bus-down", lastSeenAt: NOW - 125_000 }),
      "unknown, the broker is away, last beat 2 min ago",
    ],
    [verdict({ state: "left", cause: "clean-stop", since: NOW - 180_000 }), "left, said goodbye, 3 min ago"],
    [
      verdict({ state: "unknown", cause: "first-seen", lastSeenAt: undefined }),
      "unknown, not heard since the leader started, no beat yet",
    ],
    [verdict({ cause: "clock-skew", clockOffsetMs: 3_600_000 }), "alive, its clock is 1 h ahead, last beat 1.4 s ago"],
    [verdict({ cause: "clock-skew", clockOffsetMs: -90_000 }), "alive, its clock is 2 min behind, last beat 1.4 s ago"],
  ])("says the whole sentence, %#", (data, words) => {
    expect(verdictWords(data, NOW)).toBe(words);
  });

  it("counts from the newest beat, which may be newer than the verdict", () => {
    expect(verdictWords(verdict({ lastSeenAt: NOW - 50_000 }), NOW, NOW - 200)).toBe("alive, last beat 0.2 s ago");
  });

  it("never says that a beat came in the future", () => {
    expect(verdictWords(verdict({ lastSeenAt: NOW + 40 }), NOW)).toBe("alive, last beat 0.0 s ago");
  });

  it("leaves nothing to add to alive that beats", () => {
    expect(causeWords("alive", "beat")).toBe("");
  });
});

describe("the countdown", () => {
  it.each([
    [{ state: "suspect", cause: "will", until: NOW + 2_100 }, "dead in 2.1 s unless heard"],
    [{ state: "suspect", cause: "will", until: NOW - 1 }, "being decided"],
    [{ state: "maintenance", cause: "request", until: NOW + 58 * 60_000 }, "over in 58 min"],
    [{ state: "suspect", cause: "will" }, undefined],
    [{ state: "dead", cause: "will", until: NOW + 5_000 }, undefined],
  ] as const)("%j says %s", (parts, words) => {
    expect(countdownWords(verdict(parts), NOW)).toBe(words);
  });
});

describe("one that came back", () => {
  const previous = { state: "dead", cause: "will", since: NOW - 72_000 } as const;
  it("says for ten minutes how long it was away", () => {
    const back = verdict({ since: NOW - 30_000, previous });
    expect(returnWords(back, NOW)).toBe("back after 42 s");
    // From when it was last heard, where that is known: the doubt before its death is part of its absence.
    const heard = { ...back, previous: { ...previous, lastSeenAt: previous.since - 14_000 } };
    expect(returnWords(heard, NOW)).toBe("back after 56 s");
    expect(returnWords(back, NOW + 600_000)).toBeUndefined();
  });
  it("says nothing after a mere doubt", () => {
    expect(returnWords(verdict({ since: NOW, previous: { ...previous, state: "suspect" } }), NOW)).toBeUndefined();
  });
});

describe("a mass loss in words", () => {
  const loss = { since: NOW - 12_000, lost: 4, of: 8, back: 0, virtual: false };
  it.each([
    [{}, "4 of 8 followers were lost together 12 s ago: look at power or network"],
    [{ back: 1 }, "4 of 8 followers were lost together 12 s ago, 1 of them is back: look at power or network"],
    [{ back: 2 }, "4 of 8 followers were lost together 12 s ago, 2 of them are back: look at power or network"],
    [{ virtual: true }, "4 of 8 followers (VIRTUAL) were lost together 12 s ago: look at power or network"],
  ])("with %j", (parts, words) => {
    expect(massLossWords({ ...loss, ...parts }, NOW)).toBe(words);
  });
});

describe("a duration", () => {
  it.each([
    [-5, "0.0 s"],
    [0, "0.0 s"],
    [1_449, "1.4 s"],
    [9_940, "9.9 s"],
    [9_960, "10 s"],
    [59_400, "59 s"],
    [59_600, "1 min"],
    [3_600_000, "1 h"],
    [47 * 3_600_000, "47 h"],
    [48 * 3_600_000, "2 days"],
  ])("of %d ms is %s", (ms, words) => {
    expect(span(ms)).toBe(words);
  });
});
