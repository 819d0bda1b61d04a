import { defineWords } from "../../i18n/define-words";

/** The section's name alone, for the navigation; its other words come with its script (feed-words.ts). */
export const eventsWords = defineWords({ en: { title: "Events" }, de: { title: "Ereignisse" } });
