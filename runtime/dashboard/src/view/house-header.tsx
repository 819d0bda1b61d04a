import type { HouseHealth } from "@skein/contracts";
import { tally } from "../figures";
import { stateWords } from "../words";
import { Failure, OrderButton, useOrderDesk } from "./orders";
import { usePage } from "./page";

/** The house as a whole: its name, whether it is a made-up one, how its parts are, the way to the editor. */
export function HouseHeader() {
  const { house } = usePage();
  const about = house.about.value;
  const states = house.followers.value.map((follower) => follower.view.value.verdict.state);
  return (
    <header class="house">
      <div class="title">
        <img src="./icon.svg" alt="" width="36" height="36" />
        <div>
          <h1>
            {about?.name ?? "Skein"} {about?.demo && <span class="virtual">VIRTUAL HOUSE</span>}
          </h1>
          <p class="tally">{about ? tally(states, stateWords) : "connecting to the leader"}</p>
        </div>
        <a class="editor" href="./editor/">
          Open the editor
        </a>
      </div>
      {house.health.value && <Parts health={house.health.value} />}
      {about?.demo && <DemoSwitches health={house.health.value} />}
    </header>
  );
}

const partWords: Record<HouseHealth["broker"], { words: string; well: boolean }> = {
  starting: { words: "starting", well: false },
  up: { words: "up", well: true },
  stalled: { words: "does not answer", well: false },
  down: { words: "down", well: false },
  stopped: { words: "stopped", well: false },
  external: { words: "up, not ours", well: true },
};

function Parts({ health }: { health: HouseHealth }) {
  const parts = [
    { name: "Broker", state: health.broker },
    { name: "Core", state: health.core },
    { name: "Flow host", state: health.flowHost },
  ];
  return (
    <ul class="parts" aria-label="Health of the house">
      {parts.map(({ name, state }) => (
        <li key={name} class={partWords[state].well ? "well" : "ill"} data-part={name} data-part-state={state}>
          <span class="part-sign" aria-hidden="true">
            {partWords[state].well ? "✓" : "!"}
          </span>
          {name} <span class="part-state">{partWords[state].words}</span>
        </li>
      ))}
      {health.safeMode && (
        <li class="ill">
          <span class="part-sign" aria-hidden="true">
            !
          </span>
          Safe mode{" "}
          <span class="part-state">flows are stopped after a crash loop: mend them in the editor and deploy</span>
        </li>
      )}
    </ul>
  );
}

const FAULTS = "Random faults";

/** What only a made-up house has: its broker may be stopped, and accidents may be left to chance. */
function DemoSwitches({ health }: { health: HouseHealth | undefined }) {
  const { house, orders, stale } = usePage();
  const desk = useOrderDesk();
  const on = house.about.value?.randomFaults ?? false;
  const stopped = health?.broker === "stopped";
  return (
    <section class="demo" aria-label="The virtual house">
      <OrderButton
        desk={desk}
        label={stopped ? "Start broker" : "Stop broker"}
        about="the whole house"
        tone={stopped ? "mend" : "harm"}
        order={() => orders.broker(stopped ? "start" : "stop")}
      />
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={on}
        aria-busy={desk.pending === FAULTS}
        aria-disabled={desk.pending !== undefined}
        disabled={stale.value}
        onClick={() => desk.give(FAULTS, () => orders.randomFaults(!on))}
      >
        <span class="knob" aria-hidden="true" />
        {FAULTS} <span class="part-state">{on ? "on" : "off"}</span>
      </button>
      <Failure desk={desk} />
    </section>
  );
}
