import type { LampView } from "@skein/contracts";
import { ButtonRow, Failure, OrderButton, useOrderDesk } from "../view/orders";
import { usePage } from "../view/page";
import { DrawnLamp } from "./drawn-lamp";
import type { Tile } from "./tile";
import { tileWords } from "./words";
import { pageWords } from "../page-words";

export const lamps: Tile = { id: "lamps", role: "viewer", width: "wide", view: Lamps };

/** The demo's lamps as somebody in the room sees them, and the hands that a real home has besides ours. */
function Lamps() {
  const { house, session } = usePage();
  const words = tileWords();
  const all = house.about.value?.lamps ?? [];
  if (all.length === 0) return null;
  return (
    <section class="tile" aria-labelledby="lamps">
      <h2 id="lamps">
        {words.lamps} <span class="virtual">{pageWords().virtual}</span>
      </h2>
      <p class="hint">{words.lampsText}</p>
      <ul class="lamps">
        {all.map((lamp) => (
          <Lamp key={lamp.id} lamp={lamp} mayAct={session.may("operator")} />
        ))}
      </ul>
    </section>
  );
}

function Lamp({ lamp, mayAct }: { lamp: LampView; mayAct: boolean }) {
  const { orders } = usePage();
  const words = tileWords();
  const desk = useOrderDesk();
  const { id, name, protocol, powered, on } = lamp;
  return (
    <li class="lamp" data-lamp={id} data-on={on}>
      <DrawnLamp lamp={lamp} />
      <div>
        <p>
          <span class="thing-name">{name}</span> <span class="hint">{powered ? protocol : words.noCurrent}</span>
        </p>
        {mayAct && (
          <ButtonRow label={name}>
            <OrderButton
              desk={desk}
              label={words.wallSwitch}
              about={name}
              order={() => orders.lamp(id, "wall-switch")}
            />
            <OrderButton
              desk={desk}
              label={words.powerCut}
              about={name}
              tone="harm"
              order={() => orders.lamp(id, "power-cut")}
            />
            <OrderButton
              desk={desk}
              label={words.update}
              about={name}
              order={() => orders.lamp(id, "firmware-update")}
            />
          </ButtonRow>
        )}
        <Failure desk={desk} />
      </div>
    </li>
  );
}
