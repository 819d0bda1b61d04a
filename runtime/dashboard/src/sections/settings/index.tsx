import { icons } from "../../view/icons";
import { lazyView } from "../../view/lazy-view";
import type { Section } from "../section";
import { settingsWords } from "./words";

/** What is set once and looked at seldom: its script comes when somebody goes there. */
export const settings: Section = {
  id: "settings",
  title: () => settingsWords().title,
  icon: icons.settings,
  role: "viewer",
  view: lazyView(async () => (await import("./view")).SettingsView),
};
