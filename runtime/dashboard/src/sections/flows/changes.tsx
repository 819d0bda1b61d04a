import type { FlowsDiff } from "@skein/contracts";
import type { Tab } from "./drawing/scene";
import { snapshotWords } from "./snapshot-words";

type Change = FlowsDiff["changes"][number];

/** What differs, in words, by the tab that it is on; a press finds it in the drawings. This is also what a screen reader has of them. */
export function Changes(props: {
  changes: readonly Change[];
  tabs: readonly Tab[];
  chosen: string | undefined;
  show: (id: string, tab: string | undefined) => void;
}) {
  const words = snapshotWords();
  const { changes, tabs } = props;
  const drawn = new Set(tabs.map(({ id }) => id));
  const groups = [
    ...tabs.map(({ id, label }) => ({ id, label, inside: changes.filter(({ tab }) => tab === id) })),
    { id: "", label: words.elsewhere, inside: changes.filter(({ tab }) => tab === undefined || !drawn.has(tab)) },
  ].filter(({ inside }) => inside.length > 0);
  return (
    <section class="tile">
      <h2>{words.changes}</h2>
      {changes.length === 0 && <p class="hint">{words.noChanges}</p>}
      {groups.map(({ id, label, inside }) => (
        <section key={id} aria-label={label}>
          <h3>{label}</h3>
          <ul class="changes-list">
            {inside.map((change) => (
              <li key={change.id}>
                {id === "" ? (
                  <p class="change">
                    <Told change={change} />
                  </p>
                ) : (
                  <button
                    type="button"
                    class="change"
                    aria-pressed={change.id === props.chosen}
                    onClick={() => props.show(change.id, change.tab)}
                  >
                    <Told change={change} />
                  </button>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function Told({ change: { type, name, what, properties } }: { change: Change }) {
  const words = snapshotWords();
  return (
    <>
      <span class={`what what-${what}`}>{words.what[what]}</span>
      <span>
        <strong>{name ?? type}</strong> {name !== undefined && <span class="hint">{type}</span>}
        {properties && properties.length > 0 && <span class="hint"> · {words.properties(properties.join(", "))}</span>}
      </span>
    </>
  );
}
