import { signal, type Signal } from "@preact/signals";

/** Dark, light, or as the system has it. It belongs to the screen and not to the person, so it stays in this browser. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "skein.theme";

/** Style follows `data-theme` (style/page.css); without one, the system. */
export function createTheme(storage: Pick<Storage, "getItem" | "setItem">, root: HTMLElement): Signal<Theme> {
  const kept = storage.getItem(KEY);
  const theme = signal<Theme>(THEMES.find((each) => each === kept) ?? "system");
  theme.subscribe((now) => {
    storage.setItem(KEY, now);
    if (now === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = now;
  });
  return theme;
}
