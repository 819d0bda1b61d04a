import { useResource } from "../../api/use-resource";
import { AddButton } from "../../adding/add-button";
import { LightRow } from "../../lights/light-row";
import { byRoom, placeOf } from "../../registry";
import { Loaded } from "../../view/loaded";
import { Groups } from "./groups";
import { Scenes } from "./scenes";
import { lightsWords } from "./words";

export function List() {
  const words = lightsWords();
  const devices = useResource("devices");
  const registry = useResource("registry").value.value;
  return (
    <>
      <header class="page-head">
        <h1>{words.title}</h1>
        <AddButton />
      </header>
      <Loaded from={devices}>
        {({ devices: all, found }) => (
          <>
            {found.length > 0 && <p class="hint">{words.found(found.length)}</p>}
            {all.length === 0 && <p class="empty">{words.none}</p>}
            <div class="rooms">
              {byRoom(registry, all, ({ id }) => placeOf(registry, "device", id)?.room).map(({ room, things }) => (
                <section key={room?.id ?? ""} class="tile room">
                  <h2>{room?.name ?? words.roomless}</h2>
                  <ul class="things">
                    {things.map((light) => (
                      <LightRow key={light.id} light={light} />
                    ))}
                  </ul>
                </section>
              ))}
            </div>
            {all.length > 0 && (
              <div class="rooms">
                <Scenes devices={all} />
                <Groups devices={all} />
              </div>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}
