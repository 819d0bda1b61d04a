import type { HouseHealth } from "@skein/contracts";
import { WELL } from "../../house";
import { pageWords } from "../../page-words";
import { Failure, OrderButton, useOrderDesk } from "../../view/orders";
import { usePage } from "../../view/page";
import { followersWords } from "./words";

/** The house as a whole: how its parts are, the way to the editor, and what only a made-up house has. */
export function HouseState() {
  const { house, session } = usePage();
  const health = house.health.value;
  return (
    <div class="house">
      <div class="house-row">
        {health && <Parts health={health} />}
        {session.may("designer") && (
          <a class="editor" href="./editor/">
            {pageWords().editor}
          </a>
        )}
      </div>
      {house.about.value?.demo && session.may("operator") && <DemoSwitches health={health} />}
    </div>
  );
}

function Parts({ health }: { health: HouseHealth }) {
  const words = followersWords();
  const parts = [
    { id: "Broker", name: words.broker, state: health.broker },
    { id: "Core", name: words.core, state: health.core },
    { id: "Flow host", name: words.flowHost, state: health.flowHost },
  ];
  return (
    <ul class="parts" aria-label={words.health}>
      {parts.map(({ id, name, state }) => (
        <li key={id} class={WELL.has(state) ? "well" : "ill"} data-part={id} data-part-state={state}>
          <span class="part-sign" aria-hidden="true">
            {WELL.has(state) ? "✓" : "!"}
          </span>
          {name} <span class="part-state">{words.parts[state]}</span>
        </li>
      ))}
      {health.safeMode && (
        <li class="ill">
          <span class="part-sign" aria-hidden="true">
            !
          </span>
          {words.safeMode} <span class="part-state">{words.safeModeText}</span>
        </li>
      )}
    </ul>
  );
}

/** What only a made-up house has: its broker may be stopped, and accidents may be left to chance. */
function DemoSwitches({ health }: { health: HouseHealth | undefined }) {
  const { house, orders, stale } = usePage();
  const words = followersWords();
  const desk = useOrderDesk();
  const on = house.about.value?.randomFaults ?? false;
  const stopped = health?.broker === "stopped";
  return (
    <section class="demo" aria-label={words.virtualHouse}>
      <OrderButton
        desk={desk}
        label={stopped ? words.startBroker : words.stopBroker}
        about={words.wholeHouse}
        tone={stopped ? "mend" : "harm"}
        order={() => orders.broker(stopped ? "start" : "stop")}
      />
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={on}
        aria-busy={desk.pending === words.randomFaults}
        aria-disabled={desk.pending !== undefined}
        disabled={stale.value}
        onClick={() => desk.give(words.randomFaults, () => orders.randomFaults(!on))}
      >
        <span class="knob" aria-hidden="true" />
        {words.randomFaults} <span class="part-state">{on ? words.on : words.off}</span>
      </button>
      <Failure desk={desk} />
    </section>
  );
}
