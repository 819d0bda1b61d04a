import { defineWords } from "../../i18n/define-words";
import { de } from "./words.de";
import { en } from "./words.en";

export const settingsWords = defineWords({ en, de });
