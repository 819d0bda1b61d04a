import { useEffect, useRef } from "preact/hooks";
import { wholeDay } from "../../i18n/format";
import { pageWords } from "../../page-words";
import { Refusal } from "../../view/refusal";
import { byDay } from "./days";
import { EventRow } from "./event-row";
import type { Feed } from "./feed";
import { feedWords } from "./feed-words";

/** The events under a heading a day; older ones come as one scrolls to the end, or by its button. */
export function FeedList({ feed, filtered, again }: { feed: Feed; filtered: boolean; again: () => void }) {
  const words = feedWords();
  const state = feed.state.value;
  const events = feed.events.value;
  return (
    <section aria-label={words.feed} aria-busy={state === "loading"}>
      {byDay(events).map(({ at, events: inDay }) => (
        <section key={at} class="day">
          <h2>{wholeDay(at)}</h2>
          <ol class="tile events-list">
            {inDay.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </ol>
        </section>
      ))}
      {state === "loading" && <p class="hint events-end">{pageWords().loading} …</p>}
      {state === "failed" && (
        <div class="events-end">
          <Refusal title={words.failed} error={feed.error.value} />
          <button type="button" class="secondary" onClick={events.length > 0 ? () => void feed.more() : again}>
            {words.again}
          </button>
        </div>
      )}
      {state === "more" && <Older feed={feed} />}
      {state === "end" && (
        <p class={events.length > 0 ? "hint events-end" : "empty"}>
          {events.length > 0 ? words.end : filtered ? words.noneMatch : words.none}
        </p>
      )}
    </section>
  );
}

/** Asks for older ones by itself when it comes near the screen. */
function Older({ feed }: { feed: Feed }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void feed.more();
      },
      { rootMargin: "400px" },
    );
    if (button.current) observer.observe(button.current);
    return () => observer.disconnect();
  }, [feed]);
  return (
    <p class="events-end">
      <button type="button" class="secondary" ref={button} onClick={() => void feed.more()}>
        {feedWords().older}
      </button>
    </p>
  );
}
