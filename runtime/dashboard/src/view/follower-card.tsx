import type { FollowerView, HostAction } from "@skein/contracts";
import type { Follower } from "../house";
import { countdownWords, returnWords, verdictWords } from "../words";
import { ButtonRow, Failure, OrderButton, useOrderDesk, type OrderDesk } from "./orders";
import { usePage } from "./page";
import { StateMark } from "./state-mark";
import { Vitals } from "./vitals";

/** One follower: who it is, what the leader believes of it and why, how it does, and what may be done to it. */
export function FollowerCard({ follower }: { follower: Follower }) {
  const desk = useOrderDesk();
  const view = follower.view.value;
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
        <h2 id={heading}>{view.name}</h2>
        <span class="state">
          <StateMark state={state} />
          {state}
        </span>
        <span class="which">
          <span class="id">{view.id}</span>
          {view.virtual && <span class="virtual">VIRTUAL</span>}
        </span>
      </header>
      <Words follower={follower} />
      {view.metrics && <Vitals metrics={view.metrics} />}
      <Controls view={view} desk={desk} />
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

const hostActions: Record<HostAction, { label: string; tone: "harm" | "mend" }> = {
  crash: { label: "Crash", tone: "harm" },
  "pull-plug": { label: "Pull the plug", tone: "harm" },
  freeze: { label: "Freeze", tone: "harm" },
  reboot: { label: "Reboot", tone: "harm" },
  "cut-network": { label: "Cut network", tone: "harm" },
  restore: { label: "Restore", tone: "mend" },
};

const HOUR_MS = 3_600_000;

function Controls({ view, desk }: { view: FollowerView; desk: OrderDesk }) {
  const { orders } = usePage();
  const resting = view.verdict.state === "maintenance";
  return (
    <ButtonRow label={`Orders for ${view.name}`}>
      {view.controls?.map((action) => (
        <OrderButton
          key={action}
          desk={desk}
          label={hostActions[action].label}
          about={view.name}
          tone={hostActions[action].tone}
          order={() => orders.host(view.id, action)}
        />
      ))}
      <OrderButton
        desk={desk}
        label={resting ? "End maintenance" : "Maintenance for 1 h"}
        about={view.name}
        order={() => orders.maintenance(view.id, resting ? 0 : HOUR_MS)}
      />
    </ButtonRow>
  );
}
