import type { Page } from "playwright-core";

/** Writes down every state that any card of the live page shows: what a test would miss between two looks. */
export async function recordStates(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seenStates: seen });
    const look = () => {
      for (const card of document.querySelectorAll("[data-state]")) seen.add(card.getAttribute("data-state") ?? "");
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      attributeFilter: ["data-state"],
    });
    look();
  });
}
/** Begins anew with what the cards show now. */
export const forgetStates = (page: Page) =>
  page.evaluate(() => {
    const { seenStates } = window as unknown as { seenStates: Set<string> };
    seenStates.clear();
    for (const card of document.querySelectorAll("[data-state]")) seenStates.add(card.getAttribute("data-state") ?? "");
  });
/** In alphabetical order. */
export const statesSeen = (page: Page) =>
  page.evaluate(() => [...(window as unknown as { seenStates: Set<string> }).seenStates].toSorted());
