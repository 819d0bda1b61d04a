import { verdictCause, verdictState, type VerdictData } from "@skein/contracts";
import { tally } from "./figures";
import { speak } from "./i18n/language";
import { causeWords, countdownWords, headline, massLossWords, returnWords, span, verdictWords } from "./words";

/** The same sentences in German: its grammar is in the list, so the whole sentence is what is tested. */
const NOW = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const verdict = (parts: Partial<VerdictData>): VerdictData => ({
  state: "alive",
  cause: "beat",
  since: NOW - 60_000,
  lastSeenAt: NOW - 1_400,
  virtual: false,
  ...parts,
});

beforeAll(() => speak("de"));
afterAll(() => speak("en"));

it.each([
  [verdict({ state: "dead", cause: "will" }), "tot, Verbindung abgerissen, letzter Herzschlag vor 1,4 s"],
  [verdict({ cause: "reboot", since: NOW - 12_000 }), "lebt, neu gestartet vor 12 s, letzter Herzschlag vor 1,4 s"],
  [
    verdict({ state: "left", cause: "clean-stop", since: NOW - 3 * DAY_MS }),
    "abgemeldet, hat sich verabschiedet, vor 3 Tagen",
  ],
  [
    verdict({ state: "unknown", cause: "first-seen", lastSeenAt: undefined }),
    "unbekannt, nicht gehört, seit der Leader läuft, noch kein Herzschlag",
  ],
  [
    verdict({ cause: "clock-skew", clockOffsetMs: 3 * DAY_MS }),
    "lebt, seine Uhr geht 3 Tage vor, letzter Herzschlag vor 1,4 s",
  ],
  [verdict({ cause: "reconnect" }), "lebt seit 1 min, mit neuer Verbindung, letzter Herzschlag vor 1,4 s"],
])("says the whole sentence, %#", (data, words) => expect(verdictWords(data, NOW)).toBe(words));

it("counts down, and says who came back and what was lost", () => {
  expect(countdownWords(verdict({ state: "suspect", until: NOW + 2_100 }), NOW)).toBe(
    "tot in 2,1 s, wenn nichts kommt",
  );
  expect(countdownWords(verdict({ state: "maintenance", until: NOW + 3_000_000 }), NOW)).toBe("vorbei in 50 min");
  const previous = { state: "dead", cause: "will", since: NOW - 72_000 } as const;
  expect(returnWords(verdict({ since: NOW - 30_000, previous }), NOW)).toBe("zurück nach 42 s");
  const loss = { since: NOW - 12_000, lost: 4, of: 8, back: 1, virtual: true };
  expect(massLossWords(loss, NOW)).toBe(
    "4 von 8 Followern (VIRTUELL) gingen vor 12 s zugleich verloren, 1 davon ist zurück: Strom oder Netz prüfen",
  );
  expect([span(3 * DAY_MS), span(3 * DAY_MS, true)]).toEqual(["3 Tagen", "3 Tage"]);
  expect(tally(["alive", "dead", "maintenance"])).toBe("1 von 3 leben · 1 tot · 1 in Wartung");
});

it("has German words for every state and cause, and none of them is the English one by oversight", () => {
  const same = (state: (typeof verdictState.options)[number], cause: (typeof verdictCause.options)[number]) => {
    const german = headline({ state, cause });
    speak("en");
    const english = headline({ state, cause });
    speak("de");
    return german === english;
  };
  for (const state of verdictState.options) {
    for (const cause of verdictCause.options) expect([state, cause, same(state, cause)]).toEqual([state, cause, false]);
  }
  expect(causeWords("alive", "beat")).toBe("");
});
