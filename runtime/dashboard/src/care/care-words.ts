import type { CheckView } from "@skein/contracts";
import { defineWords } from "../i18n/define-words";

type State = CheckView["state"];
const states: Record<State, string> = { ok: "ok", warn: "look at it", bad: "not well", unknown: "not known" };
/** By the check's id; one that the page does not know is called by that. */
const checks: Readonly<Record<string, string>> = {
  broker: "Broker",
  bus: "Bus",
  disk: "Disk",
  journal: "Journal",
  "event-loops": "Event loops",
  clock: "Clock",
  certificates: "Certificates",
  backup: "Backup",
};

export const careWords = defineWords({
  en: { states, checks },
  de: {
    states: { ok: "gut", warn: "ansehen", bad: "nicht gut", unknown: "nicht bekannt" },
    checks: {
      broker: "Broker",
      bus: "Bus",
      disk: "Platte",
      journal: "Journal",
      "event-loops": "Ereignisschleifen",
      clock: "Uhr",
      certificates: "Zertifikate",
      backup: "Sicherung",
    },
  },
});
