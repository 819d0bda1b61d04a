import { icons } from "../../view/icons";
import { lazyView } from "../../view/lazy-view";
import type { Section } from "../section";
import { eventsWords } from "./words";

/** What happened in the house, newest first: its script comes when somebody goes there. */
export const events: Section = {
  id: "events",
  title: () => eventsWords().title,
  icon: icons.events,
  role: "viewer",
  view: lazyView(async () => (await import("./view")).EventsView),
};
