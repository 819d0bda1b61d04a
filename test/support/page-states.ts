import type { Page } from "playwright-core";

/**
 * Writes down every verdict that any card of the live page shows, as "state cause", and what it says of a follower that is not
 * alive, with its countdown: what a test would miss between two looks.
 */
export async function recordVerdicts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    const told = new Set<string>();
    const look = () => {
      for (const card of document.querySelectorAll<HTMLElement>("[data-state]")) {
        const { state, cause, follower } = card.dataset;
        seen.add(`${state} ${cause}`);
        if (state === "alive") continue;
        const [verdict, countdown] = [".verdict", ".countdown"].map((part) => card.querySelector(part)?.textContent);
        told.add(`${follower}: ${verdict}; ${countdown}`);
      }
    };
    const forget = () => {
      seen.clear();
      told.clear();
      look();
    };
    Object.assign(window, { verdictsSeen: { seen, told, forget } });
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributeFilter: ["data-state", "data-cause"],
    });
    look();
  });
}

interface Seen {
  readonly verdictsSeen: { readonly seen: Set<string>; readonly told: Set<string>; forget(): void };
}

/** Begins anew with what the cards show now. */
export const forgetVerdicts = (page: Page): Promise<void> =>
  page.evaluate(() => (window as unknown as Seen).verdictsSeen.forget());

/**
 * What no mishap of the leader's own parts may make of a follower that lives: a death, or the suspicion that its
 * connection died. (A mere suspicion by silence is left out: a machine busy with other tests delays beats.)
 */
export async function falseVerdicts(page: Page): Promise<string[]> {
  const seen = await page.evaluate(() => [...(window as unknown as Seen).verdictsSeen.seen]);
  return seen.filter((verdict) => verdict.startsWith("dead ") || verdict === "suspect will");
}

/** What the page has said of a follower that was not alive, as "follower: verdict; countdown", in order, each once. */
export const toldOf = (page: Page, id: string): Promise<string[]> =>
  page.evaluate(
    (start) => [...(window as unknown as Seen).verdictsSeen.told].filter((words) => words.startsWith(start)),
    `${id}: `,
  );
