import { pageWords } from "../page-words";
import { usePage } from "../view/page";
import { massLossWords, span } from "../words";

/** What holds for the whole page, above every section. */

/** Not announced: the changes themselves are, and its time ticks. */
export function MassLoss() {
  const { house, now } = usePage();
  const loss = house.about.value?.massLoss;
  return loss ? <p class="mass-loss">{massLossWords(loss, now.value)}</p> : null;
}

/** Says that the page itself is out of date. The figure is outside the alert: it would be read aloud five times a second. */
export function StaleBanner() {
  const { stale, ageMs } = usePage();
  return (
    <div class="banner-slot">
      <div role="alert">{stale.value && <p class="banner">{pageWords().outOfDate}</p>}</div>
      {stale.value && <Age ageMs={ageMs.value} />}
    </div>
  );
}

function Age({ ageMs }: { ageMs: number | undefined }) {
  const [before, after] = pageWords().lastHeard;
  return (
    <p class="banner-age">
      {before} <span class="age">{span(ageMs ?? 0)}</span>
      {after.startsWith(".") ? after : ` ${after}`}
    </p>
  );
}

/** Changes of verdict for screen readers; the ticking words on the cards are not announced. */
export function News() {
  const { house } = usePage();
  return (
    <div class="for-readers" role="log" aria-live="polite" aria-label={pageWords().changes}>
      {house.news.value.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
