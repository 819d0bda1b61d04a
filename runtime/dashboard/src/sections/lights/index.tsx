import { icons } from "../../view/icons";
import { lazyView } from "../../view/lazy-view";
import type { Section } from "../section";
import { lightsWords } from "./words";

/** Lights, plugs and what else can be switched: room by room, their groups and scenes. */
export const lights: Section = {
  id: "lights",
  title: () => lightsWords().title,
  icon: icons.lamp,
  role: "viewer",
  view: lazyView(async () => (await import("./view")).LightsView),
  page: ([id = ""]) => id,
};
