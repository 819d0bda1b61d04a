import { defineWords } from "../i18n/define-words";
import { ApiError } from "./api-error";

/** The leader says what went wrong in English; for what happens every day the page has words of its own, by the code. */
const byCode = defineWords<{ readonly [code: string]: string }>({
  en: {
    LEADER_NO_ANSWER: "The leader does not answer. Try again when it does.",
  },
  de: {
    LEADER_NO_ANSWER: "Der Leader antwortet nicht. Noch einmal versuchen, wenn er es wieder tut.",
    LOGIN_NEEDED: "Niemand ist angemeldet. Bitte neu anmelden.",
    LOGIN_WRONG: "Konto oder Passwort stimmt nicht.",
    LOGIN_THROTTLED: "Zu viele falsche Versuche von dieser Adresse. Etwas warten; von einer anderen Adresse geht es.",
    LOGIN_BUSY: "Gerade melden sich zu viele an. In ein paar Sekunden noch einmal versuchen.",
    LINK_USED: "Dieser Link ist schon benutzt oder zu alt.",
    ACCESS_DENIED: "Dafür fehlt diesem Konto die Rolle.",
    ACCOUNT_EXISTS: "Ein Konto mit dieser Kennung gibt es schon.",
    LAST_ADMIN: "Das ist der letzte Admin oder der letzte mit Passwort; das Haus braucht einen.",
    TOKENS_TOO_MANY: "Dieses Konto hat schon so viele Tokens, wie es haben darf.",
    BODY_INVALID: "Eine der Angaben ist ungültig.",
    REQUEST_INVALID: "Eine der Angaben ist ungültig.",
    BUS_DOWN: "Es gibt keine Verbindung zum Bus.",
    FLOW_HOST_AWAY: "Der Flow-Host ist gerade nicht da.",
    FOLLOWER_UNKNOWN: "Einen solchen Follower gibt es nicht.",
    FOLLOWER_ALIVE: "Er lebt noch und hat keine eigenen Zugangsdaten. Zuerst seinen Agenten anhalten.",
    FOLLOWER_NOT_VIRTUAL: "Das geht nur bei einem erfundenen Host.",
    HOST_DOWN: "Auf diesem Host läuft nichts. Zuerst wiederherstellen.",
    DEMO_ONLY: "Das geht nur in der Demo.",
    BROKER_UNMOVED: "Der Broker hat nicht rechtzeitig angehalten oder gestartet. Noch einmal versuchen.",
    COMMAND_EXPIRED: "Der Befehl kam zu spät an. Noch einmal senden.",
    COMMAND_STALE: "Das Ziel ist inzwischen neu gestartet. Noch einmal senden, wenn es noch gewünscht ist.",
    COMMAND_INTERRUPTED: "Das Ziel ist mittendrin ausgefallen. Nachsehen, wie es steht, dann neu senden.",
    CAPABILITY_UNKNOWN: "Diese Fähigkeit hat der Follower nicht.",
    NAME_TAKEN: "So heißt schon etwas anderes. Bitte einen anderen Namen wählen.",
    ID_TAKEN: "Diese Kennung ist schon vergeben.",
    REGISTRY_FULL: "Mehr nimmt das Haus nicht auf. Zuerst etwas entfernen.",
    ROOM_UNKNOWN: "Diesen Raum gibt es nicht mehr.",
    RESIDENT_UNKNOWN: "Diesen Bewohner gibt es nicht mehr.",
    ACCOUNT_UNKNOWN: "Dieses Konto gibt es nicht mehr.",
    SESSION_UNKNOWN: "Diese Anmeldung ist schon beendet.",
    TOKEN_UNKNOWN: "Dieses Token gibt es nicht mehr.",
    JOIN_CODES_TOO_MANY:
      "So viele Codes, wie es sein dürfen, sind schon offen. Einen löschen oder warten, bis sie ablaufen.",
    JOIN_CODE_UNKNOWN: "Dieser Code ist nicht mehr offen.",
    NOTICE_CLOSED: "Diese Meldung nimmt keine Antwort mehr an.",
    NOTICE_NODE_GONE: "Der Node, der fragte, ist nicht mehr in den Flows.",
    ROUTINE_UNKNOWN: "Diesen Ablauf bietet kein Flow mehr an.",
    PUSH_OFF: "Web-Push ist in diesem Haus aus.",
    PUSH_ENDPOINT_REFUSED: "An den Push-Dienst dieses Browsers sendet das Haus nicht (notices.webPush.services).",
    BACKUP_FAILED: "Es entstand keine Sicherung; die bisherigen sind, wie sie waren. Der Leader sagt:",
    DOCUMENT_UNWRITABLE: "Es ließ sich nicht speichern und ist, wie es war. Der Leader sagt:",
    SNAPSHOT_UNKNOWN: "Diesen Schnappschuss gibt es nicht mehr.",
    FLOWS_CHANGED: "Inzwischen hat jemand andere Flows deployt.",
    HISTORY_UNAVAILABLE: "Der Verlauf ist gerade nicht offen. Es wird von selbst wieder versucht.",
    INTERNAL_ERROR: "Im Leader ist etwas fehlgeschlagen; logs/core.log sagt mehr.",
    REQUEST_TIMEOUT: "Es dauerte zu lange.",
  },
});

/** Why is another each time, and only the leader's own words tell. */
const WITH_DETAIL: ReadonlySet<string> = new Set(["BACKUP_FAILED", "DOCUMENT_UNWRITABLE"]);

export interface Problem {
  /** Empty where there is none. */
  readonly code: string;
  readonly message: string;
  /** The leader's own English, to stand after the page's words. */
  readonly detail?: string;
}

/** What somebody filled in will not do, in the page's own words: there is nothing to look up, and so no code. */
export class InputError extends Error {}

/** What to tell people of a failure. */
export function problemWords(error: unknown): Problem {
  if (error instanceof InputError) return { code: "", message: error.message };
  if (!(error instanceof ApiError))
    return { code: "PAGE_ERROR", message: error instanceof Error ? error.message : String(error) };
  const { code, message } = error;
  const own = byCode()[code];
  if (own === undefined) return { code, message };
  return { code, message: own, ...(WITH_DETAIL.has(code) && { detail: message }) };
}
