import { icons } from "../../view/icons";
import { lazyView } from "../../view/lazy-view";
import type { Section } from "../section";
import { flowsWords } from "./words";

/** The automations as they were and are: for designers, since whoever deploys flows runs code. Its script comes when somebody goes there. */
export const flows: Section = {
  id: "flows",
  title: () => flowsWords().title,
  icon: icons.flows,
  role: "designer",
  page: (rest) => (rest.length > 0 ? "comparison" : ""),
  view: lazyView(async () => (await import("./view")).FlowsView),
};
