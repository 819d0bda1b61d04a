import type { EventView } from "@skein/contracts";
import { speak } from "../../i18n/language";
import { KINDS } from "./kinds";
import { languageOf, sentenceOf } from "./sentence";

const event = (type: string, parts: Partial<EventView> = {}): EventView => ({
  id: 1,
  at: 0,
  type,
  severity: "info",
  audit: true,
  text: "What the leader says.",
  ...parts,
});
const follower = { kind: "follower", id: "attic" };
const account = { kind: "account", id: "ben" };

beforeAll(() => speak("de"));
afterAll(() => speak("en"));

it.each<[EventView, string]>([
  [
    event("follower-verdict", { subject: follower, data: { state: "dead", cause: "will", name: "Attic" } }),
    "Attic: tot, Verbindung abgerissen",
  ],
  [event("mass-loss", { data: { followers: ["a", "b"] } }), "2 Follower gingen zugleich verloren."],
  [event("maintenance", { subject: follower, data: { forMs: 3_600_000 } }), "attic wird für 1 h nicht beurteilt."],
  [event("maintenance", { subject: follower, data: { forMs: 0 } }), "attic wird wieder beurteilt."],
  [
    event("virtual-host", { subject: follower, data: { action: "pull-plug" } }),
    "Der erfundene Host von attic: Stecker ziehen.",
  ],
  [event("random-faults", { data: { on: true } }), "Zufällige Störungen sind an."],
  [event("follower-removed", { subject: follower, data: { removed: false } }), "attic wurde vergessen."],
  [event("login-failed"), "Jemand hat versucht, sich mit einem Link anzumelden, der benutzt oder zu alt ist."],
  [
    event("account-created", { subject: account, data: { role: "viewer" } }),
    "Das Konto ben wurde angelegt: Betrachter.",
  ],
  [event("account-changed", { subject: account, data: { role: "admin" } }), "Das Konto ben ist jetzt Admin."],
  [event("account-changed", { subject: account, data: { role: "guest" } }), "Das Konto ben ist jetzt guest."],
  [event("room-added", { data: { name: "Bad" } }), "Der Raum „Bad“ wurde hinzugefügt."],
  [event("room-changed", { data: { name: "Bad", before: "WC" } }), "Der Raum „WC“ heißt jetzt „Bad“."],
  [event("room-changed", { data: { name: "Bad", private: true } }), "Der Raum „Bad“ ist jetzt ein privater."],
  [event("place-changed", { subject: follower, data: { stands: "Bad" } }), "attic steht jetzt in „Bad“."],
  [event("place-changed", { subject: follower, data: { stands: null } }), "attic steht jetzt in keinem Raum."],
  [event("place-changed", { subject: follower, data: { called: "Dach" } }), "attic heißt jetzt „Dach“."],
  [event("account-changed", { subject: account }), "Das Konto ben wurde geändert."],
  [event("token-removed", { subject: account, data: { name: "Uhr" } }), "Das Token „Uhr“ von ben gilt nicht mehr."],
  [event("broker", { data: { action: "stop" } }), "Der Broker wurde angehalten."],
  [event("privacy", { data: { on: false } }), "Kameras und Mikrofone dürfen wieder an sein."],
  [
    event("check-changed", {
      subject: { kind: "check", id: "backup" },
      data: { state: "ok", reason: "backup-new", figures: { ageMs: 3_600_000 } },
    }),
    "Die neueste Sicherung ist 1 h alt.",
  ],
  [event("flows-deployed"), "Die Flows sind andere als zuvor."],
])("is said in German: %#", (what, words) => {
  expect([sentenceOf(what), languageOf(what)]).toEqual([words, undefined]);
});

it("is the leader's own sentence, marked as English, where it says more than the page knows", () => {
  // An older leader's, which named no figures, no action and no state.
  for (const type of ["check-changed", "broker", "maintenance", "room-changed", "place-changed", "something-new"])
    expect([sentenceOf(event(type)), languageOf(event(type))]).toEqual(["What the leader says.", "en"]);
});

it("has German words for every kind but those whose text is somebody's own, or an error's", () => {
  const all = {
    state: "ok",
    cause: "beat",
    followers: ["a"],
    forMs: 0,
    action: "stop",
    on: true,
    reason: "bus-up",
    name: "Bad",
    stands: "Bad",
  };
  const unsaid = Object.values(KINDS)
    .flat()
    .filter((type) => type !== "follower-verdict")
    .filter((type) => languageOf(event(type, { subject: { kind: "check", id: "bus" }, data: all })) === "en");
  expect(unsaid).toEqual([
    // A name of somebody who lives here stands in the leader's sentence alone.
    "resident-added",
    "resident-changed",
    "notice",
    "notice-answered",
    "notice-unheard",
    "notice-dismissed",
    "notice-channel-failed",
    "backup-failed",
  ]);
});
