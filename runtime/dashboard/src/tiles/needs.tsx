import type { DeviceDiagnosis, HouseHealth } from "@skein/contracts";
import { useResource } from "../api/use-resource";
import { checkLanguage, checkSentence } from "../care/sentence";
import { tally } from "../figures";
import { WELL } from "../house";
import { lightWords } from "../lights/words";
import { pageWords } from "../page-words";
import { placeOf } from "../registry";
import { hrefTo } from "../router";
import { followersWords } from "../sections/followers/words";
import { StateMark } from "../view/state-mark";
import { usePage } from "../view/page";
import { verdictWords } from "../words";
import { Notice } from "./notice";
import type { Tile } from "./tile";
import { tileWords } from "./words";

export const needs: Tile = { id: "needs", role: "viewer", width: "wide", view: Needs };

/** Lights that stay away until their owner does something; one that has no current is back by itself, and often dark on purpose. */
const HELPLESS: ReadonlySet<DeviceDiagnosis["condition"]> = new Set([
  "credentials",
  "newer-protocol",
  "not-understood",
]);

/** What wants somebody: open notices, dead followers, lights that wait for their owner, failed checks of self-care, parts of the leader that are not up, a password of one's own. */
function Needs() {
  const { house, session, stale } = usePage();
  const words = tileWords();
  const notices = useResource("notices");
  const care = useResource("care");
  const open = (notices.value.value ?? []).filter(({ dismissedAt }) => dismissedAt === undefined);
  const health = house.health.value;
  const parts = partsOf(health);
  const checks = (care.value.value?.checks ?? []).filter(({ state }) => state === "bad");
  const registry = useResource("registry").value.value;
  const followers = house.followers.value;
  const dead = followers.filter((follower) => follower.view.value.verdict.state === "dead");
  const devices = useResource("devices");
  const helpless = (devices.value.value?.devices ?? []).filter(({ diagnosis }) => HELPLESS.has(diagnosis.condition));
  // By a link alone nobody comes back: it works once.
  const noPassword = session.me.value?.account.hasPassword === false;
  const lines =
    open.length +
    dead.length +
    helpless.length +
    checks.length +
    parts.length +
    (health?.safeMode ? 1 : 0) +
    (noPassword ? 1 : 0);
  // What has not come yet, or may no longer be so, is no reason to be at ease.
  const known = notices.value.value && care.value.value && devices.value.value && health && !stale.value;
  const quiet = known && lines === 0;
  const failed = notices.error.value ?? care.error.value ?? devices.error.value;
  return (
    <section class="tile needs" aria-labelledby="needs">
      <h2 id="needs" class={quiet ? "for-readers" : ""}>
        {words.needsYou}
      </h2>
      {quiet && (
        <p class="all-well">
          <StateMark state="alive" /> {words.nothing}
        </p>
      )}
      {!known && lines === 0 && (
        <p class="hint">{stale.value || failed ? words.notKnown : `${pageWords().loading} …`}</p>
      )}
      <ul class="lines">
        {noPassword && (
          <li class="line" data-needs="password">
            <a href={hrefTo("settings", "account")}>{words.choosePassword}</a>
          </li>
        )}
        {health?.safeMode && <li class="line bad">{words.safeMode}</li>}
        {parts.map(({ id, name, state }) => (
          <li key={id} class={state === "starting" ? "line" : "line bad"} data-part={id}>
            <a href={hrefTo("followers")}>
              {name}: {followersWords().parts[state]}
            </a>
          </li>
        ))}
        {checks.map((check) => (
          <li key={check.id} class="line bad">
            <a href={hrefTo("settings", "care")} lang={checkLanguage(check)}>
              {checkSentence(check)}
            </a>
          </li>
        ))}
        {dead.map((follower) => (
          <li key={follower.id} class="line state-dead">
            <StateMark state="dead" />
            <a href={hrefTo("followers", follower.id)}>
              {placeOf(registry, "follower", follower.id)?.name ?? follower.view.value.name}
            </a>
            <Since follower={follower} />
          </li>
        ))}
        {helpless.map(({ id, name, diagnosis }) => (
          <li key={id} class="line">
            <a href={hrefTo("lights", id)}>{name}</a>
            <span class="line-words">{lightWords().conditions[diagnosis.condition]}</span>
          </li>
        ))}
        {open.map((notice) => (
          <Notice key={notice.id} notice={notice} />
        ))}
      </ul>
      <p class="tally">{tally(followers.map((follower) => follower.view.value.verdict.state))}</p>
    </section>
  );
}

/** Those of the house's own parts that do not do their work; core is who tells it. */
function partsOf(health: HouseHealth | undefined) {
  if (!health) return [];
  const words = followersWords();
  return [
    { id: "broker", name: words.broker, state: health.broker },
    { id: "flow-host", name: words.flowHost, state: health.flowHost },
  ].filter(({ state }) => !WELL.has(state));
}

/** Apart, since it alone is written anew five times a second. */
function Since({ follower }: { follower: ReturnType<typeof usePage>["house"]["followers"]["value"][number] }) {
  const now = usePage().now.value;
  return <span class="line-words">{verdictWords(follower.view.value.verdict, now, follower.lastSeenAt.value)}</span>;
}
