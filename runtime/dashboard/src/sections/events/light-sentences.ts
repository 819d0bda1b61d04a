/** What happened to lights, scenes and groups, in German; the leader's own sentences are English already. */
import type { EventView } from "@skein/contracts";
import { lightWords } from "../../lights/words";
import { tileWords } from "../../tiles/words";

type Sentence = (event: EventView) => string | undefined;

const named = ({ data, subject }: EventView): string => {
  const name = data?.["name"];
  return `„${typeof name === "string" ? name : (subject?.id ?? "?")}“`;
};
const text = ({ data }: EventView, name: string): string => {
  const value = data?.[name];
  return typeof value === "string" ? value : "?";
};

/** What is seen most of what was changed. */
function switched(event: EventView): string {
  const { on, brightness, effect, kelvin, hue } = event.data ?? {};
  if (on === false || brightness === 0) return `${named(event)} wurde ausgeschaltet.`;
  if (typeof effect === "string") return `${named(event)} zeigt den Effekt „${effect}“.`;
  if (typeof brightness === "number") return `${named(event)} wurde auf ${Math.round(brightness)} % gestellt.`;
  if (typeof kelvin === "number") return `${named(event)} wurde auf ${Math.round(kelvin)} K gestellt.`;
  if (typeof hue === "number") return `${named(event)} bekam eine andere Farbe.`;
  return on === true ? `${named(event)} wurde eingeschaltet.` : `${named(event)} wurde verstellt.`;
}

function unreachable(event: EventView): string {
  const condition = text(event, "condition");
  const words: Readonly<Record<string, string>> = lightWords().conditions;
  return `${named(event)}: ${words[condition] ?? condition}.`;
}

export const lightSentences: Readonly<Record<string, Sentence>> = {
  "device-switched": switched,
  "device-unreachable": unreachable,
  "device-back": (event) => `${named(event)} ist wieder erreichbar.`,
  "device-protocol-changed": (event) =>
    `${named(event)} spricht nach einer Firmware-Aktualisierung ${text(event, "to")} statt ${text(event, "from")}.`,
  "device-found": (event) =>
    `Im Netz wurde ein Gerät gefunden: ${text(event, "model")} unter ${text(event, "address")}.`,
  "device-adopted": (event) => `${named(event)} kam ins Haus.`,
  "device-given-up": (event) => `${named(event)} verließ das Haus.`,
  "device-credentials": ({ data }) =>
    data?.["set"] === true ? "Das Kasa-Konto wurde eingetragen." : "Das Kasa-Konto wurde vergessen.",
  "device-credentials-lost": () => "Das Kasa-Konto ist nicht mehr zu lesen: bitte neu eintragen.",
  "scene-applied": (event) => `Die Szene ${named(event)} wurde angewandt.`,
  "scene-saved": (event) => `Die Szene ${named(event)} wurde gespeichert.`,
  "scene-removed": (event) => `Die Szene ${named(event)} wurde entfernt.`,
  "virtual-lamp": (event) => {
    const deeds = tileWords();
    const done = { "wall-switch": deeds.wallSwitch, "power-cut": deeds.powerCut, "firmware-update": deeds.update };
    return `Die erfundene Lampe ${named(event)}: ${done[text(event, "action") as keyof typeof done] ?? text(event, "action")}.`;
  },
  "group-added": (event) => `Die Gruppe ${named(event)} wurde angelegt.`,
  "group-changed": (event) => `Die Gruppe ${named(event)} wurde geändert.`,
  "group-removed": (event) => `Die Gruppe ${named(event)} wurde entfernt.`,
};
