import { useEffect, useMemo } from "preact/hooks";
import { dateTime } from "../../../i18n/format";
import { usePage } from "../../../view/page";
import { Refusal } from "../../../view/refusal";
import { createFeed } from "../../events/feed";
import { hrefOf } from "../../events/filters";
import { languageOf, sentenceOf } from "../../events/sentence";
import { detailWords } from "./words";

const COUNT = 8;

/** The last that happened to one follower, and the way to the rest. */
export function LatestEvents({ id }: { id: string }) {
  const page = usePage();
  const words = detailWords();
  const filters = { subject: `follower:${id}` };
  const feed = useMemo(() => createFeed(page.api, COUNT), [id]);
  useEffect(() => void feed.show(filters), [feed, page.stale.value]);
  useEffect(
    () =>
      page.onEvent((event) => {
        if (!event.audit || page.session.may("admin")) feed.happened(event);
      }),
    [feed],
  );
  const events = feed.events.value.slice(0, COUNT);
  return (
    <section class="tile">
      <h2>{words.events}</h2>
      {feed.state.value === "failed" && <Refusal title={words.events} error={feed.error.value} />}
      {events.length === 0 && feed.state.value === "end" && <p class="hint">{words.noEvents}</p>}
      <ol class="latest">
        {events.map((event) => (
          <li key={event.id} data-event={event.id}>
            <span {...(languageOf(event) ? { lang: languageOf(event) } : {})}>{sentenceOf(event)}</span>{" "}
            <time class="hint" dateTime={new Date(event.at).toISOString()}>
              {dateTime(event.at)}
            </time>
          </li>
        ))}
      </ol>
      <p>
        <a href={hrefOf(filters)}>{words.allEvents}</a>
      </p>
    </section>
  );
}
