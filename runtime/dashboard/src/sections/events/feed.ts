import { batch, signal, type ReadonlySignal } from "@preact/signals";
import type { EventsPage, EventView } from "@skein/contracts";
import { ApiError } from "../../api/api-error";
import type { Api } from "../../api/client";
import { matches, queryOf, type Filters } from "./filters";

/** Events under some filters, newest first: a page at a time backwards, and what happens meanwhile on top. */
export interface Feed {
  readonly events: ReadonlySignal<readonly EventView[]>;
  /** `more`: there are older ones; `end`: these are all. */
  readonly state: ReadonlySignal<"loading" | "more" | "end" | "failed">;
  /** Why the last page did not come. */
  readonly error: ReadonlySignal<unknown>;
  /** Begins anew with other filters, or with the same after something may have been missed. What is shown stays until the answer. */
  show(filters: Filters): Promise<void>;
  /** Older ones; nothing while a page is on its way or none is left. */
  more(): Promise<void>;
  /** Something happened: shown if the filters want it. */
  happened(event: EventView): void;
}

/** So many that happened are kept beside those that were asked for: a page that stays open for months must not grow with them. */
const MOST_LIVE = 500;

export function createFeed(api: Pick<Api, "get">, limit = 60, mostLive = MOST_LIVE): Feed {
  const events = signal<readonly EventView[]>([]);
  const state = signal<"loading" | "more" | "end" | "failed">("loading");
  const error = signal<unknown>(undefined);
  let filters: Filters = {};
  let next: number | undefined;
  // As many as were fetched, which the reader may be looking at.
  let fetched = 0;
  // An answer to an older question must not overwrite the newer one's.
  let question = 0;
  // Happened while the first page was on its way, which may have been read before.
  let fresh: EventView[] = [];

  async function fetchPage(cursor?: number): Promise<void> {
    const mine = ++question;
    state.value = "loading";
    try {
      const page = await api.get<EventsPage>(`events?${queryOf(filters, limit, cursor)}`);
      if (mine !== question) return;
      batch(() => {
        const kept = cursor === undefined ? fresh : events.value;
        const known = new Set(kept.map(({ id }) => id));
        events.value = [...kept, ...page.events.filter(({ id }) => !known.has(id))];
        fetched = (cursor === undefined ? 0 : fetched) + page.events.length;
        fresh = [];
        next = page.next;
        error.value = undefined;
        state.value = next === undefined ? "end" : "more";
      });
    } catch (reason) {
      if (mine !== question) return;
      batch(() => {
        error.value = reason;
        state.value = "failed";
        // Under other filters the old ones would lie; without an answer they are still how it was.
        if (cursor === undefined && reason instanceof ApiError && reason.status !== 0) events.value = [];
      });
    }
  }
  return {
    events,
    state,
    error,
    show(wanted) {
      filters = wanted;
      next = undefined;
      fresh = [];
      return fetchPage();
    },
    async more() {
      if (state.value === "loading" || events.value.length === 0) return;
      if (next !== undefined) await fetchPage(next);
      else if (state.value === "failed") await fetchPage();
    },
    happened(event) {
      if (!matches(event, filters) || events.value.some(({ id }) => id === event.id)) return;
      const all = [event, ...events.value];
      const most = fetched + mostLive;
      batch(() => {
        events.value = all;
        if (state.value === "loading") fresh = [event, ...fresh];
        else if (all.length > most) {
          // What is let go can be asked for again.
          events.value = all.slice(0, most);
          next = all[most - 1]?.id;
          state.value = "more";
        }
      });
    },
  };
}
