import { useResource } from "../api/use-resource";
import { dateTime } from "../i18n/format";
import { icons } from "../view/icons";
import { Failure, ordered, useOrderDesk } from "../view/orders";
import { pageWords } from "../page-words";
import { usePage } from "../view/page";
import { placeOf } from "../registry";
import type { Tile } from "./tile";
import { tileWords } from "./words";

export const privacy: Tile = { id: "privacy", role: "viewer", width: "side", view: Privacy };

/**
 * One switch for every camera and microphone. What it shows of each is the follower's own word: an order that has gone out is no
 * proof that nothing sees any more.
 */
function Privacy() {
  const { api, house, session, stale, resources } = usePage();
  const words = tileWords();
  const desk = useOrderDesk();
  const view = useResource("privacy").value.value;
  const registry = useResource("registry").value.value;
  if (!view) return null;
  const { on, since, by, senses } = view;
  const turn = ordered(async () => {
    await api.put("privacy", { on: !on });
    await resources.of("privacy").refresh();
  });
  const nameOf = (id: string) =>
    placeOf(registry, "follower", id)?.name ??
    house.followers.value.find((follower) => follower.id === id)?.view.value.name ??
    id;
  const open = on ? senses.filter(({ state }) => state !== "off").length : 0;
  // That it is so is said only when each one has said it of itself.
  const said = !on ? words.privacyOff : open > 0 || senses.length === 0 ? words.privacyOn : words.privacyKept;
  return (
    <section class={on ? "tile privacy privacy-on" : "tile privacy"} aria-labelledby="privacy">
      <h2 id="privacy">
        {icons.privacy} {words.privacy}
      </h2>
      <button
        type="button"
        class="switch big"
        role="switch"
        aria-checked={on}
        aria-busy={desk.pending !== undefined}
        disabled={stale.value || !session.may("operator")}
        onClick={() => desk.give(words.allOff, turn)}
      >
        <span>{words.allOff}</span>
        <span class="knob" aria-hidden="true" />
      </button>
      <p class="hint">
        {said} {since !== undefined && by && words.since(by, dateTime(since))}
      </p>
      {senses.length === 0 ? (
        <p class="hint">{words.noSenses}</p>
      ) : (
        <ul class="senses">
          {senses.map(({ follower, capability, sense, state, virtual }) => (
            <li key={`${follower} ${capability}`} data-sense={`${follower} ${capability}`} class={`sense ${state}`}>
              {icons[sense]}
              <span>
                {nameOf(follower)}, {words.senses[sense]}{" "}
                {virtual && <span class="virtual">{pageWords().virtual}</span>}
              </span>
              <span class="sense-state">{words.senseState[state]}</span>
            </li>
          ))}
        </ul>
      )}
      <p role="status" class="unconfirmed">
        {open > 0 && words.unconfirmed(open)}
      </p>
      <Failure desk={desk} />
    </section>
  );
}
