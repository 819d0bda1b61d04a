import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { usePage } from "./page";

/**
 * The page's colours for a canvas, which knows neither variables nor light-dark(): the browser works one out on an element, as
 * `rgb(31, 111, 100)`.
 */
export function colourOf(element: HTMLElement, variable: `--${string}`): string {
  const before = element.style.color;
  element.style.color = `var(${variable})`;
  const worked = getComputedStyle(element).color;
  element.style.color = before;
  return worked;
}

/** Whether the page is dark now, by the system's setting or by its own: what is drawn has to be drawn anew. */
export function useDark(): boolean {
  const { theme } = usePage();
  const system = useMemo(() => window.matchMedia("(prefers-color-scheme: dark)"), []);
  const bySystem = useSignal(system.matches);
  useEffect(() => {
    const look = () => void (bySystem.value = system.matches);
    system.addEventListener("change", look);
    return () => system.removeEventListener("change", look);
  }, [system]);
  return theme.value === "dark" || (theme.value !== "light" && bySystem.value);
}
