import type { VerdictCause, VerdictState } from "@skein/contracts";
import type { en } from "./words.en";

/** The verdicts in German. Followers and the leader are called as in the editor, where their names are English. */
const names: Record<VerdictState, string> = {
  joining: "kommt hinzu",
  alive: "lebt",
  suspect: "fraglich",
  dead: "tot",
  left: "abgemeldet",
  maintenance: "Wartung",
  unknown: "unbekannt",
};
const causes: Record<VerdictCause, string> = {
  will: "Verbindung abgerissen",
  silence: "kein Lebenszeichen",
  "clean-stop": "hat sich verabschiedet",
  reboot: "neu gestartet",
  "agent-restart": "Agent neu gestartet",
  reconnect: "neu verbunden",
  "gateway-lost": "sein Gateway ist weg",
  "link-lost": "das Kabel zu ihm antwortet nicht",
  "bus-down": "der Broker ist weg",
  "observer-late": "der Leader selbst stockte",
  "clock-skew": "seine Uhr geht falsch",
  "first-seen": "zum ersten Mal gesehen",
  beat: "Herzschlag gehört",
  request: "auf Wunsch",
};
const particular: Partial<Record<VerdictState, Partial<Record<VerdictCause, string>>>> = {
  alive: {
    beat: "",
    "first-seen": "zuerst gesehen",
    request: "zurück aus der Wartung",
    reconnect: "mit neuer Verbindung",
    will: "wieder verbunden",
    silence: "wieder gehört",
    "clean-stop": "zurückgekommen",
    "bus-down": "der Broker ist zurück",
    "gateway-lost": "sein Gateway ist zurück",
    "link-lost": "das Kabel zu ihm antwortet wieder",
    "observer-late": "wieder gehört, nachdem der Leader stockte",
  },
  unknown: {
    "first-seen": "nicht gehört, seit der Leader läuft",
    beat: "nicht gehört, seit der Leader läuft",
    request: "zurück aus der Wartung, noch nicht gehört",
  },
  joining: { beat: "erste Herzschläge" },
};

export const de: typeof en = {
  names,
  states: { ...names, maintenance: "in Wartung" },
  causes,
  particular,
  clockOff: (span, ahead) => `seine Uhr geht ${span} ${ahead ? "vor" : "nach"}`,
  noBeat: "noch kein Herzschlag",
  lastBeat: (span) => `letzter Herzschlag vor ${span}`,
  ago: (span) => `vor ${span}`,
  happened: (what, span) => `${what} vor ${span}`,
  aliveFor: (span) => `lebt seit ${span}`,
  overIn: (span) => `vorbei in ${span}`,
  aboutToBeOver: "gleich vorbei",
  deadIn: (span) => `tot in ${span}, wenn nichts kommt`,
  beingDecided: "wird entschieden",
  backAfter: (span) => `zurück nach ${span}`,
  massLoss: (lost, of, virtual, span, back) => {
    const returned = back === 0 ? "" : `, ${back} davon ${back === 1 ? "ist" : "sind"} zurück`;
    return `${lost} von ${of} Followern${virtual ? " (VIRTUELL)" : ""} gingen vor ${span} zugleich verloren${returned}: Strom oder Netz prüfen`;
  },
  days: (count, asObject) => (asObject ? `${count} Tage` : `${count} Tagen`),
  noFollower: "noch kein Follower",
  alive: (alive, of) => `${alive} von ${of} leben`,
};
