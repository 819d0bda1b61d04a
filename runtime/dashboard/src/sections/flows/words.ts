import { defineWords } from "../../i18n/define-words";

/** The section's name alone, for the navigation; its other words come with its script (snapshot-words.ts). */
export const flowsWords = defineWords({ en: { title: "Flows" }, de: { title: "Flows" } });
