import { useEffect } from "preact/hooks";
import { useResource } from "../../api/use-resource";
import { AddButton } from "../../adding/add-button";
import { dateTime } from "../../i18n/format";
import { placeOf } from "../../registry";
import { icons } from "../../view/icons";
import { Loaded } from "../../view/loaded";
import { usePage } from "../../view/page";
import { Remove } from "../../view/remove";
import type { SettingsPage } from "./settings-page";
import { settingsWords } from "./words";

export const boards: SettingsPage = {
  id: "boards",
  title: () => settingsWords().boards,
  icon: icons.add,
  role: "admin",
  view: Boards,
};

/** What may come into the house, and which codes wait for a board. */
function Boards() {
  const { api } = usePage();
  const words = settingsWords();
  const resource = useResource("join-codes");
  return (
    <>
      <p class="hint">{words.boardsText}</p>
      <div>
        <AddButton />
      </div>
      <section class="tile">
        <Loaded from={resource}>
          {({ codes: list }) =>
            list.length === 0 ? (
              <p class="hint">{words.noCodes}</p>
            ) : (
              <ul class="entries">
                {list.map(({ code, name, id, expiresAt }) => (
                  <li key={code} class="entry">
                    <div class="entry-text">
                      <code>{code}</code> {(name ?? id) ? words.codeFor(name ?? id ?? "") : words.codeForAny}
                      <p class="hint">{words.codeUntil(dateTime(expiresAt))}</p>
                    </div>
                    <Remove what={code} work={() => api.delete(`join-codes/${code}`).then(resource.refresh)} />
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      <Unheard />
    </>
  );
}

/** Who may come onto the bus and never did: in no other list, and what is sold or lost shall not come some day. */
function Unheard() {
  const page = usePage();
  const { api, house } = page;
  const words = settingsWords();
  const resource = useResource("join-codes");
  const registry = useResource("registry").value.value;
  useEffect(
    () =>
      page.onEvent(({ type }) => void (["follower-joined", "follower-removed"].includes(type) && resource.refresh())),
    [resource],
  );
  const heard = new Set(house.followers.value.map(({ id }) => id));
  const list = (resource.value.value?.unheard ?? []).filter(({ id }) => !heard.has(id));
  if (list.length === 0) return null;
  return (
    <section class="tile" aria-labelledby="unheard">
      <h3 id="unheard">{words.unheard}</h3>
      <p class="hint">{words.unheardText}</p>
      <ul class="entries">
        {list.map(({ id }) => {
          const name = placeOf(registry, "follower", id)?.name;
          return (
            <li key={id} class="entry">
              <div class="entry-text">
                <strong>{name ?? id}</strong> {name !== undefined && <span class="hint">{id}</span>}
              </div>
              <Remove
                what={name ?? id}
                work={() => api.delete(`followers/${id}`).then(resource.refresh)}
                consequence={words.unheardSure}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
