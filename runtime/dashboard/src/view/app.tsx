import { massLossWords, span } from "../words";
import { FollowerCard } from "./follower-card";
import { HouseHeader } from "./house-header";
import { usePage } from "./page";

/** The whole page. */
export function App() {
  const { house, stale } = usePage();
  const told = house.about.value !== undefined;
  return (
    <div class={stale.value && told ? "page stale" : "page"}>
      <StaleBanner />
      <HouseHeader />
      <MassLoss />
      <main aria-label="Followers">
        <ul class="cards">
          {house.followers.value.map((follower) => (
            <FollowerCard key={follower.id} follower={follower} />
          ))}
        </ul>
        {told && house.followers.value.length === 0 && (
          <p class="empty">
            No follower has been heard yet. The first one shows here by itself as soon as its agent reaches the bus.
          </p>
        )}
      </main>
      <News />
    </div>
  );
}

/** Not announced: the changes themselves are, and its time ticks. */
function MassLoss() {
  const { house, now } = usePage();
  const loss = house.about.value?.massLoss;
  return loss ? <p class="mass-loss">{massLossWords(loss, now.value)}</p> : null;
}

/** Says that the page itself is out of date. The figure is outside the alert: it would be read aloud five times a second. */
function StaleBanner() {
  const { stale, ageMs, house } = usePage();
  const told = house.about.value !== undefined;
  return (
    <div class="banner-slot">
      <div role="alert">
        {stale.value && told && <p class="banner">Out of date: the leader is not heard. What you see is how it was.</p>}
      </div>
      {stale.value && told && <Age ageMs={ageMs.value} />}
    </div>
  );
}

const Age = ({ ageMs }: { ageMs: number | undefined }) => (
  <p class="banner-age">
    Last heard <span class="age">{span(ageMs ?? 0)}</span> ago. Trying again.
  </p>
);

/** Changes of verdict for screen readers; the ticking words on the cards are not announced. */
function News() {
  const { house } = usePage();
  return (
    <div class="for-readers" role="log" aria-live="polite" aria-label="Changes">
      {house.news.value.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
