import type { CheckReason, CheckView } from "@skein/contracts";
import { defineWords, plural } from "../i18n/define-words";
import { fixed } from "../i18n/format";
import { language } from "../i18n/language";
import { span } from "../words";

/**
 * What the leader found in itself, in the page's language: by the reason that it gave, with its figures. Undefined where it said
 * more than these do. Pure but for the page's language.
 */
export type Found = Pick<CheckView, "text" | "reason" | "figures" | "file">;
type Sentence = (figures: Readonly<Record<string, number>>, file: string) => string;

const GB = 1024 ** 3;
const LOOPS = { core: "Kern", broker: "Broker", flowHost: "Flow-Host" } as const;

const room = ({ freeBytes = 0 }: Readonly<Record<string, number>>) =>
  `${fixed(freeBytes / GB, 1)} GB sind frei, wo das Haus seine Daten hat`;
const late = (figures: Readonly<Record<string, number>>) => {
  const each = Object.entries(LOOPS).flatMap(([part, title]) => {
    const p99Ms = figures[`${part}P99Ms`];
    return p99Ms === undefined ? [] : [`${title} ${fixed(p99Ms, 0)} ms`];
  });
  return `Um so viel zu spät sind Ereignisschleifen (p99): ${each.join(", ")}`;
};
const stalled = (what: string) => (figures: Readonly<Record<string, number>>) =>
  `${late(figures)}; ${what}. Was läuft hier sonst noch?`;
const lasting = ({ days = 0 }: Readonly<Record<string, number>>, file: string) =>
  `Das Zertifikat ${file} gilt noch ${plural("de", Math.max(0, days), { one: "1 Tag", other: `${Math.max(0, days)} Tage` })}`;
const age = ({ ageMs = 0 }: Readonly<Record<string, number>>) => `Die neueste Sicherung ist ${span(ageMs, true)} alt`;
const BY_HAND = "von selbst entsteht keine (backup.enabled ist false): jetzt eine unter Einstellungen machen";

const sentences = defineWords<{ readonly [reason in CheckReason]?: Sentence }>({
  // The leader's own sentences are English already.
  en: {},
  de: {
    "broker-up": () => "Der Broker läuft.",
    "broker-starting": () => "Der Broker startet.",
    "broker-down": () =>
      "Der Broker läuft nicht oder ist nicht zu erreichen: Follower sind nicht zu hören. logs/broker.log sagt, warum.",
    "bus-up": () => "Der Leader ist am Bus.",
    "bus-down": () => "Der Leader hat keine Verbindung zum Bus. Stimmen Adresse und Benutzer des Brokers?",
    "disk-roomy": (figures) => `${room(figures)}.`,
    "disk-low": (figures) => `Nur ${room(figures)}: Platz schaffen oder history.fileMb senken.`,
    "disk-full": (figures) => `Nur ${room(figures)}: jetzt Platz schaffen, sonst wird nichts mehr aufgehoben.`,
    // Why it cannot be written or looked after, the leader's own words say.
    "journal-written": () => "Was geschieht, wird aufgeschrieben.",
    "journal-damaged": () =>
      "Die Datei des Verlaufs war beschädigt; sie liegt beiseite, und eine neue ist begonnen (docs/history.md).",
    "loops-in-time": (figures) => `${late(figures)}.`,
    "loops-busy": (figures) => `${late(figures)}; dieser Rechner ist beschäftigt.`,
    "core-stalled": stalled("Urteilen ist nicht zu trauen"),
    "broker-stalled": stalled("Nachrichten kommen spät"),
    "flow-host-stalled": stalled("Flows handeln spät: ein Node darin hält ihn auf"),
    "clock-even": () => "Die Uhr geht gleichmäßig.",
    "clock-set": ({ steppedMs = 0 }) =>
      `Die Uhr wurde um ${fixed(steppedMs / 1000, 1)} s verstellt. Hält dieser Rechner seine Zeit (systemd-timesyncd, chrony)?`,
    "clock-unkept": () => "Seit dem Start hat diesem Rechner kein Zeitserver geantwortet: timedatectl sagt mehr.",
    "certificates-none": () => "Es sind keine Zertifikate gesetzt.",
    "certificate-good": (figures, file) => `${lasting(figures, file)}.`,
    "certificate-ending": (figures, file) => `${lasting(figures, file)}: erneuern.`,
    "certificate-at-end": (figures, file) => `${lasting(figures, file)}: jetzt erneuern.`,
    "certificate-unreadable": (_figures, file) => `Das Zertifikat ${file} lässt sich nicht lesen.`,
    "backup-new": (figures) => `${age(figures)}.`,
    "backup-missed": (figures) => `${age(figures)}.`,
    "backup-overdue": (figures) => `${age(figures)}: nachsehen, warum keine entsteht.`,
    "backup-none": () => "Es gibt noch keine Sicherung; jede Nacht kommt eine, oder jetzt unter Einstellungen.",
    "backup-by-hand-old": (figures) => `${age(figures)}, und ${BY_HAND}.`,
    "backup-by-hand-none": () => `Es gibt noch keine Sicherung; ${BY_HAND}.`,
  },
});

const own = ({ reason, figures = {}, file = "" }: Found): string | undefined =>
  reason && sentences()[reason]?.(figures, file);

export const checkSentence = (found: Found): string => own(found) ?? found.text;

/** In which language it is; undefined for the page's own. */
export const checkLanguage = (found: Found): "en" | undefined =>
  language.value !== "en" && own(found) === undefined ? "en" : undefined;
