import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { partsOf } from "../../router";
import { saveFile } from "../../view/save-file";
import { usePage } from "../../view/page";
import type { SectionProps } from "../section";
import { csvOf } from "./csv";
import "./events.css";
import { createFeed } from "./feed";
import { FeedList } from "./feed-list";
import { feedWords } from "./feed-words";
import { FilterBar } from "./filter-bar";
import { filtersOf, hrefOf, partOf, type Filters } from "./filters";
import { eventsWords } from "./words";

/** Between the last key and the question to the leader, ms. */
const PAUSE_MS = 250;

/** What happened, newest first: `#/events/` and behind it the filters. */
export function EventsView({ rest: [part] }: SectionProps) {
  const page = usePage();
  const words = feedWords();
  const feed = useMemo(() => createFeed(page.api), []);
  const filters = useSignal<Filters>(filtersOf(part));
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    void feed.show(filters.value);
    const follow = () => {
      const [section, newPart] = partsOf(window.location.hash);
      if (section !== "events") return;
      filters.value = filtersOf(newPart);
      void feed.show(filters.value);
    };
    // Not by `rest`: the router does not hear of the places that `change` makes, and so not of a way back either.
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  useEffect(
    () =>
      page.onEvent((event) => {
        if (!event.audit || page.session.may("admin")) feed.happened(event);
      }),
    [],
  );
  const connected = !page.stale.value;
  const wasConnected = useRef(true);
  useEffect(() => {
    if (connected && !wasConnected.current) void feed.show(filters.value);
    wasConnected.current = connected;
  }, [connected]);
  useEffect(() => () => clearTimeout(waiting.current), []);

  const change = (wanted: Filters) => {
    const typed = wanted.text !== filters.value.text;
    filters.value = wanted;
    // In its own entry of the history every key would be one.
    window.history.replaceState(window.history.state, "", hrefOf(wanted));
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => void feed.show(wanted), typed ? PAUSE_MS : 0);
  };
  const shown = feed.events.value;
  return (
    <div class="events">
      <h1>{eventsWords().title}</h1>
      <FilterBar filters={filters.value} change={change} />
      <div class="events-line">
        <p class="hint" role="status">
          {words.shown(shown.length)}
        </p>
        {partOf(filters.value) !== "" && (
          <button type="button" class="order" onClick={() => change({})}>
            {words.clear}
          </button>
        )}
        <button
          type="button"
          class="order"
          disabled={shown.length === 0}
          onClick={() => saveFile("skein-events.csv", "text/csv", csvOf(shown))}
        >
          {words.csv}
        </button>
      </div>
      <FeedList feed={feed} filtered={partOf(filters.value) !== ""} again={() => void feed.show(filters.value)} />
    </div>
  );
}
