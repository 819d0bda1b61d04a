import type { FollowerView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import type { Follower } from "../../house";
import { pageWords } from "../../page-words";
import { placeOf } from "../../registry";
import { hrefTo } from "../../router";
import { ButtonRow, Failure, OrderButton, useOrderDesk, type OrderDesk } from "../../view/orders";
import { usePage } from "../../view/page";
import { StateMark } from "../../view/state-mark";
import { countdownWords, returnWords, verdictList, verdictWords } from "../../words";
import { Vitals } from "./vitals";
import { followersWords } from "./words";

/**
 * One follower: who it is, what the leader believes of it and why, how it does, and what may be done to it. `detailed`: on its own
 * page, which offers maintenance elsewhere and for a time that one chooses.
 */
export function FollowerCard({ follower, detailed = false }: { follower: Follower; detailed?: boolean }) {
  const desk = useOrderDesk();
  const view = follower.view.value;
  const name = placeOf(useResource("registry").value.value, "follower", view.id)?.name ?? view.name;
  const { state } = view.verdict;
  const heading = `follower-${view.id}`;
  return (
    <li
      class={`card state-${state}`}
      data-follower={view.id}
      data-state={state}
      data-cause={view.verdict.cause}
      aria-labelledby={heading}
    >
      <header>
        <Heart follower={follower} />
        <h3 id={heading}>
          <a href={hrefTo("followers", view.id)}>{name}</a>
        </h3>
        <span class="state">
          <StateMark state={state} />
          {verdictList().names[state]}
        </span>
        <span class="which">
          <span class="id">{view.id}</span>
          {view.virtual && <span class="virtual">{pageWords().virtual}</span>}
        </span>
      </header>
      <Words follower={follower} />
      {view.metrics && <Vitals metrics={view.metrics} />}
      <Controls view={view} name={name} desk={desk} maintenance={!detailed} />
      <Failure desk={desk} />
    </li>
  );
}

/** Apart from the card, since it alone is written anew five times a second. */
function Words({ follower }: { follower: Follower }) {
  const now = usePage().now.value;
  const { verdict } = follower.view.value;
  const countdown = countdownWords(verdict, now);
  const back = returnWords(verdict, now);
  return (
    <div class="words">
      <p class="verdict">
        {/* Lines break between the parts of the sentence, not between a figure and its unit. */}
        {verdictWords(verdict, now, follower.lastSeenAt.value)
          .split(/(?<=,) /)
          .flatMap((part, index) => [index > 0 && " ", <span>{part}</span>])}
      </p>
      {countdown !== undefined && (
        <p class="countdown" role="timer">
          {countdown}
        </p>
      )}
      {back !== undefined && <p class="back">{back}</p>}
    </div>
  );
}

/** Beats once at every beat: the key makes it a new element, which starts its animation again. */
function Heart({ follower }: { follower: Follower }) {
  const beats = follower.beats.value;
  return (
    <span class="heart" data-beats={beats} aria-hidden="true">
      {beats > 0 && <span key={beats} class="pulse" />}
    </span>
  );
}

const HOUR_MS = 3_600_000;

/** What may be done to it, for those who may. */
function Controls(props: { view: FollowerView; name: string; desk: OrderDesk; maintenance: boolean }) {
  const { view, name, desk, maintenance } = props;
  const { orders, session } = usePage();
  const words = followersWords();
  if (!session.may("operator") || !(maintenance || view.controls)) return null;
  const resting = view.verdict.state === "maintenance";
  return (
    <ButtonRow label={words.ordersFor(name)}>
      {view.controls?.map((action) => (
        <OrderButton
          key={action}
          desk={desk}
          label={words.actions[action]}
          about={name}
          tone={action === "restore" ? "mend" : "harm"}
          order={() => orders.host(view.id, action)}
        />
      ))}
      {maintenance && (
        <OrderButton
          desk={desk}
          label={resting ? words.endMaintenance : words.maintenance}
          about={name}
          order={() => orders.maintenance(view.id, resting ? 0 : HOUR_MS)}
        />
      )}
    </ButtonRow>
  );
}
