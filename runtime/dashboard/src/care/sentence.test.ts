import type { CheckView } from "@skein/contracts";
import { speak } from "../i18n/language";
import { checkLanguage, checkSentence } from "./sentence";

type Judgement = Pick<CheckView, "state" | "text" | "reason" | "figures" | "file">;
/** The leader's own judgements; required, since core is no part of the page that is compiled with it. */
const judge = require("../../../src/core/care/judge") as Record<
  `judge${"Broker" | "Bus" | "Disk" | "Journal" | "Loops" | "Clock" | "Certificates" | "Backup"}`,
  (...figures: unknown[]) => Judgement
>;

const GB = 1024 ** 3;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const journal = {
  oldestWaitingMs: 0,
  fileBytes: 0,
  dropped: { telemetry: 0, other: 0 },
  maintenance: { failed: 0 },
} as const;

beforeAll(() => speak("de"));
afterAll(() => speak("en"));

/** As the leader judges: what it says of a check is what the page has to say too. */
it.each<[string, Judgement, string | RegExp]>([
  ["broker", judge.judgeBroker({ broker: "up" }), "Der Broker läuft."],
  ["broker", judge.judgeBroker({ broker: "starting" }), "Der Broker startet."],
  ["broker", judge.judgeBroker({ broker: "down" }), /läuft nicht oder ist nicht zu erreichen/],
  ["bus", judge.judgeBus(true, 0), "Der Leader ist am Bus."],
  ["bus", judge.judgeBus(false, 0), /keine Verbindung zum Bus/],
  ["disk", judge.judgeDisk(77.5 * GB, 100 * GB), "77,5 GB sind frei, wo das Haus seine Daten hat."],
  ["disk", judge.judgeDisk(1.5 * GB, 100 * GB), /^Nur 1,5 GB .*history.fileMb/],
  ["disk", judge.judgeDisk(0.2 * GB, 100 * GB), /^Nur 0,2 GB .*jetzt Platz/],
  ["journal", judge.judgeJournal({ ...journal, state: "ok", integrity: "ok" }), "Was geschieht, wird aufgeschrieben."],
  ["journal", judge.judgeJournal({ ...journal, state: "ok", integrity: "damaged" }), /beschädigt/],
  [
    "event-loops",
    judge.judgeLoops({ core: { p99Ms: 6.2, maxMs: 9 }, broker: { p99Ms: 2, maxMs: 9 } }),
    /Kern 6 ms, Broker 2 ms\.$/,
  ],
  ["event-loops", judge.judgeLoops({ core: { p99Ms: 60, maxMs: 90 } }), /beschäftigt/],
  ["event-loops", judge.judgeLoops({ core: { p99Ms: 2_000, maxMs: 3_000 } }), /nicht zu trauen/],
  ["event-loops", judge.judgeLoops({ flowHost: { p99Ms: 2_000, maxMs: 3_000 } }), /Flows handeln spät/],
  ["clock", judge.judgeClock(0), "Die Uhr geht gleichmäßig."],
  ["clock", judge.judgeClock(-12_300), /um -12,3 s verstellt/],
  ["clock", judge.judgeClock(0, false), /kein Zeitserver/],
  ["certificates", judge.judgeCertificates({}), "Es sind keine Zertifikate gesetzt."],
  ["certificates", judge.judgeCertificates({ "a.pem": 40.5 * DAY_MS }), /^Das Zertifikat a\.pem gilt noch 40 Tage\.$/],
  ["certificates", judge.judgeCertificates({ "a.pem": 1.5 * DAY_MS }), /gilt noch 1 Tag: jetzt erneuern\.$/],
  ["certificates", judge.judgeCertificates({ "a.pem": undefined }), "Das Zertifikat a.pem lässt sich nicht lesen."],
  ["backup", judge.judgeBackup(undefined, true), /noch keine Sicherung; jede Nacht/],
  ["backup", judge.judgeBackup(undefined, false), /noch keine Sicherung; von selbst/],
  ["backup", judge.judgeBackup(3 * HOUR_MS, true), "Die neueste Sicherung ist 3 h alt."],
  ["backup", judge.judgeBackup(9 * DAY_MS, true), /ist 9 Tage alt: nachsehen/],
  ["backup", judge.judgeBackup(9 * DAY_MS, false), /ist 9 Tage alt, und von selbst/],
])("says in German what the leader finds: %s, %j", (_id, judgement, words) => {
  if (typeof words === "string") expect(checkSentence(judgement)).toBe(words);
  else expect(checkSentence(judgement)).toMatch(words);
  expect(checkLanguage(judgement)).toBeUndefined();
});

it("leaves to the leader what its figures do not tell, and marks it as English", () => {
  // Also of a broker, of which nobody knows then that it starts.
  const unseen = { text: "It could not be looked at: EACCES." };
  const failing = judge.judgeJournal({ ...journal, state: "failing", message: "ENOSPC" });
  const untended = judge.judgeJournal({
    ...journal,
    state: "ok",
    integrity: "ok",
    maintenance: { failed: 1, problem: "ENOSPC" },
  });
  // It failed before, and the damage is what there is to tell now.
  const damaged = judge.judgeJournal({ ...journal, state: "ok", integrity: "damaged", maintenance: { failed: 1 } });
  for (const found of [unseen, failing, untended])
    expect([checkSentence(found), checkLanguage(found)]).toEqual([found.text, "en"]);
  expect(checkSentence(damaged)).toMatch(/beschädigt/);
});
