import type { SnapshotView } from "@skein/contracts";
import { useResource } from "../../api/use-resource";
import { dateTime } from "../../i18n/format";
import { hrefTo } from "../../router";
import { Loaded } from "../../view/loaded";
import { Failure, OrderButton, ordered, useOrderDesk } from "../../view/orders";
import { usePage } from "../../view/page";
import { saveFile } from "../../view/save-file";
import { fetchSnapshot } from "./calls";
import { RollBack } from "./roll-back";
import { snapshotWords } from "./snapshot-words";

/** The flows as they were at each deploy, newest first. */
export function SnapshotList() {
  const words = snapshotWords();
  return (
    <section class="tile">
      <h2>{words.snapshots}</h2>
      <Loaded from={useResource("flows")}>
        {(list) =>
          list.length === 0 ? (
            <p class="hint">{words.none}</p>
          ) : (
            <ul class="entries">
              {list.map((snapshot, index) => (
                <Entry
                  key={snapshot.id}
                  snapshot={snapshot}
                  before={list[index + 1]}
                  present={list.find(({ current }) => current)}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function Entry(props: { snapshot: SnapshotView; before: SnapshotView | undefined; present: SnapshotView | undefined }) {
  const { api } = usePage();
  const words = snapshotWords();
  const desk = useOrderDesk();
  const { snapshot, before, present } = props;
  const { id, at, by, note, tabs, nodes, current } = snapshot;
  const when = dateTime(at);
  const save = ordered(async () => {
    const { flows } = await fetchSnapshot(api, id);
    saveFile(`flows-${id}.json`, "application/json", JSON.stringify(flows, null, 2));
  });
  return (
    <li class="entry snapshot" data-snapshot={id}>
      <div class="entry-text">
        <strong>{when}</strong>
        <p class="hint">
          {[current ? words.current : undefined, by && words.by(by), words.size(tabs, nodes), note]
            .filter(Boolean)
            .join(" · ")}
        </p>
        <Failure desk={desk} />
      </div>
      <div class="buttons">
        {before && (
          <a class="order plain" href={hrefTo("flows", before.id, id)} aria-label={`${words.whatChanged}: ${when}`}>
            {words.whatChanged}
          </a>
        )}
        {present && !current && (
          <a class="order plain" href={hrefTo("flows", id, present.id)} aria-label={`${words.withPresent}: ${when}`}>
            {words.withPresent}
          </a>
        )}
        <OrderButton desk={desk} label={words.save} about={when} order={save} />
        {!current && <RollBack id={id} when={when} />}
      </div>
    </li>
  );
}
