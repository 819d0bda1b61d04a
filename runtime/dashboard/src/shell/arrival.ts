/** What a page is entered by: its heading has the focus, and it stands at its top or, on a way back, where it was left. */

/** A part of a page that is its heading where that is not the h1. */
const headingOf = (main: HTMLElement): HTMLElement | null =>
  main.querySelector<HTMLElement>("[data-heading]") ?? main.querySelector("h1");

/** A screen reader goes on from the new heading. One that comes with a section's script gets the focus when it is there. */
export function focusHeading(main: HTMLElement): () => void {
  const focus = (element: HTMLElement) => {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  };
  const heading = headingOf(main);
  focus(heading ?? main);
  const observer = new MutationObserver(() => {
    const late = headingOf(main);
    if (!late) return;
    observer.disconnect();
    // Somebody may have gone on already.
    if (document.activeElement === main) focus(late);
  });
  if (!heading) observer.observe(main, { childList: true, subtree: true });
  return () => observer.disconnect();
}

const BY_HAND = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/** A page that is not so long any more, ms. */
const GIVE_UP_MS = 2_000;

/** Scrolls down as far as the page was left, while it is still being filled; gives up when somebody does anything, or soon. */
export function scrollBack(to: number): () => void {
  const reach = () => {
    window.scrollTo(0, to);
    if (window.scrollY >= to - 1) stop();
  };
  const observer = new ResizeObserver(reach);
  const stop = () => {
    observer.disconnect();
    clearTimeout(timer);
    for (const name of BY_HAND) window.removeEventListener(name, stop);
  };
  const timer = setTimeout(stop, GIVE_UP_MS);
  for (const name of BY_HAND) window.addEventListener(name, stop, { passive: true });
  observer.observe(document.body);
  reach();
  return stop;
}
