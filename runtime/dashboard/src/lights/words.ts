import { defineWords } from "../i18n/define-words";

export const lightWords = defineWords({
  en: {
    on: "on",
    off: "off",
    unknown: "not known",
    asked: "(asked for, not yet so)",
    percent: (value: number) => `${Math.round(value)} %`,
    kelvin: (value: number) => `${Math.round(value)} K`,
    watts: (value: string) => `${value} W`,
    conditions: {
      connecting: "being connected to",
      ok: "connected",
      unreachable: "not reached",
      credentials: "wants a password",
      "newer-protocol": "speaks a newer protocol",
      busy: "busy with another program",
      "not-understood": "not understood",
    },
    notDone: "Not done:",
  },
  de: {
    on: "an",
    off: "aus",
    unknown: "unbekannt",
    asked: "(verlangt, noch nicht so)",
    percent: (value) => `${Math.round(value)} %`,
    kelvin: (value) => `${Math.round(value)} K`,
    watts: (value) => `${value} W`,
    conditions: {
      connecting: "wird verbunden",
      ok: "verbunden",
      unreachable: "nicht erreichbar",
      credentials: "verlangt ein Passwort",
      "newer-protocol": "spricht ein neueres Protokoll",
      busy: "mit anderem Programm beschäftigt",
      "not-understood": "nicht verstanden",
    },
    notDone: "Nicht getan:",
  },
});
