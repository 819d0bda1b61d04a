import { defineWords } from "../../i18n/define-words";
import { icons } from "../../view/icons";
import type { Section } from "../section";
import { Home } from "./view";

export const homeWords = defineWords({ en: { title: "Home" }, de: { title: "Zuhause" } });

/** Where people arrive: what needs them, the rooms, and what they press most. */
export const home: Section = {
  id: "home",
  title: () => homeWords().title,
  icon: icons.home,
  role: "viewer",
  view: Home,
};
