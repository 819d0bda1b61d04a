import type { EventView } from "@skein/contracts";
import { timeOfDay } from "../../i18n/format";
import { hrefTo } from "../../router";
import { feedWords } from "./feed-words";
import { hrefOf } from "./filters";
import { kindName } from "./kinds";
import { languageOf, sentenceOf } from "./sentence";

/** One shape a severity, so that colour is never the only sign. */
const SIGNS = { info: "·", notice: "i", warning: "!", alarm: "‼" } as const;

/** One event: when, what, how bad, about whom, and for admins who did it and from where. */
export function EventRow({ event }: { event: EventView }) {
  const words = feedWords();
  const { actor, address, subject } = event;
  const lang = languageOf(event);
  return (
    <li class={`event severity-${event.severity}`} data-event={event.id}>
      <time dateTime={new Date(event.at).toISOString()}>{timeOfDay(event.at)}</time>
      <span class="event-sign" aria-hidden="true">
        {SIGNS[event.severity]}
      </span>
      <div>
        <p class="event-text" {...(lang ? { lang } : {})}>
          {event.severity !== "info" && <span class="for-readers">{words.severities[event.severity]}: </span>}
          {sentenceOf(event)}
        </p>
        <p class="event-about">
          <a href={hrefOf({ type: [event.type] })}>{kindName(event.type)}</a>
          {subject?.kind === "follower" && <a href={hrefTo("followers", subject.id)}>{subject.id}</a>}
          {actor !== undefined && <span>{words.by(actor)}</span>}
          {address !== undefined && <span>{words.fromAddress(address)}</span>}
          {event.audit && <span class="badge">{words.auditBadge}</span>}
        </p>
      </div>
    </li>
  );
}
