import { events } from "./events";
import { flows } from "./flows";
import { followers } from "./followers";
import { home } from "./home";
import { lights } from "./lights";
import type { Section } from "./section";
import { settings } from "./settings";

/** The page's sections in the order of its navigation; the first is where people arrive. */
export const sections: readonly Section[] = [home, lights, followers, events, flows, settings];
