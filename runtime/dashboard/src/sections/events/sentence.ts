import type { EventView, HostAction, VerdictCause, VerdictState } from "@skein/contracts";
import { checkLanguage, checkSentence, type Found } from "../../care/sentence";
import { defineWords, plural } from "../../i18n/define-words";
import { language } from "../../i18n/language";
import { roleNames } from "../../session/role-names";
import { followersWords } from "../followers/words";
import { headline, span, verdictList } from "../../words";
import { lightSentences } from "./light-sentences";

/**
 * What happened in the page's language, for the types whose words we know; else the leader's own English sentence. Pure but for
 * the page's language.
 */
type Sentence = (event: EventView) => string | undefined;

const text = (event: EventView, name: string): string | undefined => {
  const value = event.data?.[name];
  return typeof value === "string" ? value : undefined;
};
const number = (event: EventView, name: string): number | undefined => {
  const value = event.data?.[name];
  return typeof value === "number" ? value : undefined;
};
/** A sentence with what the leader named; none where it named nothing, as an older one did. */
const withText = (event: EventView, name: string, say: (value: string) => string): string | undefined => {
  const value = text(event, name);
  return value === undefined ? undefined : say(value);
};
/** Who did it, or whom it is about where nobody is named. */
const who = (event: EventView): string => event.actor ?? event.subject?.id ?? "?";
const whom = (event: EventView): string => event.subject?.id ?? "?";
/** A follower, as it was called then; an older leader told its id alone. */
const whose = (event: EventView): string => text(event, "name") ?? whom(event);
/** One that a later leader has is called as the leader calls it. */
const roleName = (role: string): string => (roleNames() as Readonly<Record<string, string>>)[role] ?? role;
/** How many are named; undefined when the leader has named none. */
const lost = ({ data }: EventView): number | undefined =>
  Array.isArray(data?.["followers"]) ? data["followers"].length : undefined;

/** In every language, since the page says verdicts in words of its own. */
const verdict: Sentence = (event) => {
  const [state, cause] = [text(event, "state") as VerdictState, text(event, "cause") as VerdictCause];
  if (!(state in verdictList().states)) return undefined;
  return `${text(event, "name") ?? whom(event)}: ${headline({ state, cause })}`;
};

const sentences = defineWords<{ readonly [type: string]: Sentence }>({
  // The leader's own sentences are English already.
  en: { "follower-verdict": verdict },
  de: {
    "follower-verdict": verdict,
    "mass-loss": (event) => {
      const count = lost(event);
      return count === undefined
        ? undefined
        : plural("de", count, {
            one: "Ein Follower ging verloren.",
            other: `${count} Follower gingen zugleich verloren.`,
          });
    },
    "mass-loss-over": () => "Die meisten der zugleich verlorenen Follower sind zurück.",
    "follower-joined": (event) => `${whose(event)} ist dem Haus beigetreten.`,
    "follower-removed": (event) =>
      `${whose(event)} wurde ${event.data?.["removed"] === false ? "vergessen" : "aus dem Haus entfernt"}.`,
    "follower-command": (event) =>
      `Der Befehl „${text(event, "action") ?? "?"}“ an ${whom(event)} wurde ${event.data?.["answered"] === false ? "nicht beantwortet" : event.data?.["ok"] === false ? "abgelehnt" : "ausgeführt"}.`,
    maintenance(event) {
      const forMs = number(event, "forMs");
      if (forMs === undefined) return undefined;
      return forMs === 0
        ? `${whose(event)} wird wieder beurteilt.`
        : `${whose(event)} wird für ${span(forMs, true)} nicht beurteilt.`;
    },
    "join-code-made": () => "Ein Beitrittscode wurde erstellt.",
    "join-codes-guessed": ({ address }) =>
      `Jemand${address === undefined ? "" : ` unter ${address}`} probiert Beitrittscodes; von dort wird eine Weile keiner mehr angenommen.`,
    "virtual-host": (event) =>
      withText(
        event,
        "action",
        (action) =>
          `Der erfundene Host von ${whose(event)}: ${followersWords().actions[action as HostAction] ?? action}.`,
      ),
    "random-faults": (event) =>
      typeof event.data?.["on"] === "boolean"
        ? `Zufällige Störungen sind ${event.data["on"] ? "an" : "aus"}.`
        : undefined,
    ...lightSentences,
    login: (event) => `${who(event)} hat sich angemeldet.`,
    "login-failed": (event) =>
      event.subject
        ? `Jemand hat versucht, sich mit falschem Passwort als „${event.subject.id}“ anzumelden.`
        : "Jemand hat versucht, sich mit einem Link anzumelden, der benutzt oder zu alt ist.",
    "sessions-lost": () => "Wer angemeldet war, war nicht mehr zu lesen: Alle melden sich neu an.",
    "account-created": (event) =>
      `Das Konto ${whom(event)} wurde angelegt${withText(event, "role", (role) => `: ${roleName(role)}`) ?? ""}.`,
    "account-changed": (event) =>
      withText(event, "role", (role) => `Das Konto ${whom(event)} ist jetzt ${roleName(role)}.`) ??
      `Das Konto ${whom(event)} wurde geändert.`,
    "account-removed": (event) => `Das Konto ${whom(event)} wurde entfernt.`,
    "password-changed": (event) => `Das Konto ${whom(event)} hat ein neues Passwort.`,
    "token-created": (event) =>
      withText(event, "name", (name) => `${whom(event)} hat das Token „${name}“ erstellt.`) ??
      `${whom(event)} hat ein Token erstellt.`,
    "token-removed": (event) =>
      withText(event, "name", (name) => `Das Token „${name}“ von ${whom(event)} gilt nicht mehr.`) ??
      `Ein Token von ${whom(event)} gilt nicht mehr.`,
    "hook-opened": (event) => `Der Hook „${whom(event)}“ braucht jetzt kein Token.`,
    "hook-closed": (event) => `Der Hook „${whom(event)}“ braucht wieder ein Token.`,
    "routine-started": (event) => `Der Ablauf „${text(event, "name") ?? whom(event)}“ wurde gestartet.`,
    "routine-unanswered": (event) =>
      `Der Ablauf „${text(event, "name") ?? whom(event)}“ wurde verlangt, und kein Flow hat ihn bestätigt.`,
    "room-added": (event) => withText(event, "name", (name) => `Der Raum „${name}“ wurde hinzugefügt.`),
    "room-changed": (event) =>
      withText(event, "name", (name) => {
        const before = text(event, "before");
        if (before !== undefined) return `Der Raum „${before}“ heißt jetzt „${name}“.`;
        return `Der Raum „${name}“ ist jetzt ${event.data?.["private"] === true ? "ein" : "kein"} privater.`;
      }),
    "room-removed": (event) => withText(event, "name", (name) => `Der Raum „${name}“ wurde entfernt.`),
    "place-changed": (event) =>
      withText(event, "called", (name) => `${whom(event)} heißt jetzt „${name}“.`) ??
      withText(event, "stands", (room) => `${whom(event)} steht jetzt in „${room}“.`) ??
      (event.data?.["called"] === null
        ? `${whom(event)} hat keinen anderen Namen mehr.`
        : event.data?.["stands"] === null
          ? `${whom(event)} steht jetzt in keinem Raum.`
          : undefined),
    "join-code-withdrawn": () => "Ein Beitrittscode wurde zurückgezogen.",
    "resident-removed": () => "Ein Bewohner und was von ihm aufgehoben war, wurden gelöscht.",
    "resident-data-deleted": () => "Was von einem Bewohner aufgehoben war, wurde gelöscht.",
    privacy: (event) =>
      event.data?.["on"] === true
        ? "Alle Kameras und Mikrofone wurden ausgeschaltet."
        : "Kameras und Mikrofone dürfen wieder an sein.",
    "check-changed"(event) {
      // An older leader told no reason.
      const found = { ...event.data, text: event.text } as Found;
      return checkLanguage(found) === undefined ? checkSentence(found) : undefined;
    },
    broker: (event) =>
      withText(event, "action", (action) => `Der Broker wurde ${action === "stop" ? "angehalten" : "gestartet"}.`),
    "backup-made": () => "Das Haus wurde gesichert.",
    "backup-taken": () => "Eine Sicherung des Hauses wurde heruntergeladen.",
    "backup-removed": () => "Eine Sicherung des Hauses wurde entfernt.",
    "flows-damaged": () =>
      "Die Flows waren beim Start nicht zu lesen; unter Flows steht, welche jetzt laufen, und die Datei liegt beiseite.",
    "flows-deployed": (event) =>
      event.actor === undefined ? "Die Flows sind andere als zuvor." : `${event.actor} hat die Flows deployt.`,
  },
});

export function sentenceOf(event: EventView): string {
  return sentences()[event.type]?.(event) ?? event.text;
}

/** In which language it is, so that a screen reader says it right; undefined for the page's own. */
export const languageOf = (event: EventView): "en" | undefined =>
  language.value !== "en" && sentences()[event.type]?.(event) === undefined ? "en" : undefined;
