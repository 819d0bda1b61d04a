import { useSignal } from "@preact/signals";
import type { RoutineView } from "@skein/contracts";
import { useResource } from "../api/use-resource";
import { icons, type IconName } from "../view/icons";
import { Failure, ordered, useOrderDesk } from "../view/orders";
import { usePage } from "../view/page";
import type { Tile } from "./tile";
import { tileWords } from "./words";

export const routines: Tile = { id: "routines", role: "operator", width: "side", view: Routines };

/** One of the page's own by its name, or an emoji. */
function iconOf({ icon = "play" }: RoutineView) {
  if (Object.hasOwn(icons, icon)) return icons[icon as IconName];
  if (!/\p{Extended_Pictographic}/u.test(icon)) return icons.play;
  return (
    <span class="icon-text" aria-hidden="true">
      {icon}
    </span>
  );
}

/** Flows that somebody may start: a button each. */
function Routines() {
  const { api, stale } = usePage();
  const words = tileWords();
  const desk = useOrderDesk();
  const started = useSignal<string | undefined>(undefined);
  const list = useResource("routines").value.value ?? [];
  if (list.length === 0) return null;
  const start = ({ id, name }: RoutineView) =>
    ordered(async () => {
      started.value = undefined;
      await api.post(`routines/${encodeURIComponent(id)}`, {});
      started.value = name;
    });
  return (
    <section class="tile" aria-labelledby="routines">
      <h2 id="routines">{words.routines}</h2>
      <ul class="routines">
        {list.map((routine) => (
          <li key={routine.id}>
            <button
              type="button"
              class="routine"
              aria-label={words.start(routine.name)}
              aria-busy={desk.pending === routine.name}
              disabled={stale.value || !routine.available}
              onClick={() => desk.give(routine.name, start(routine))}
            >
              {iconOf(routine)} <span>{routine.name}</span>
            </button>
            {!routine.available && <span class="hint">{words.unavailable}</span>}
          </li>
        ))}
      </ul>
      <p role="status" class="hint">
        {started.value !== undefined && words.started(started.value)}
      </p>
      <Failure desk={desk} />
    </section>
  );
}
