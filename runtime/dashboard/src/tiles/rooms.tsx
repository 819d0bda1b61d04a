import type { DeviceView } from "@skein/contracts";
import { useResource } from "../api/use-resource";
import type { Follower } from "../house";
import { LightRow } from "../lights/light-row";
import { byRoom, placeOf } from "../registry";
import { hrefTo } from "../router";
import { StateMark } from "../view/state-mark";
import { pageWords } from "../page-words";
import { usePage } from "../view/page";
import { verdictList } from "../words";
import type { Tile } from "./tile";
import { tileWords } from "./words";

export const rooms: Tile = { id: "rooms", role: "viewer", width: "main", view: Rooms };

type InHouse =
  | { readonly kind: "device"; readonly id: string; readonly light: DeviceView }
  | { readonly kind: "follower"; readonly id: string; readonly follower: Follower };

/** Each room with what stands in it, and how that is. */
function Rooms() {
  const { house, session } = usePage();
  const words = tileWords();
  const registry = useResource("registry").value.value;
  const lights = useResource("devices").value.value?.devices ?? [];
  const things: readonly InHouse[] = [
    ...lights.map((light) => ({ kind: "device" as const, id: light.id, light })),
    ...house.followers.value.map((follower) => ({ kind: "follower" as const, id: follower.id, follower })),
  ];
  const groups = byRoom(registry, things, ({ kind, id }) => placeOf(registry, kind, id)?.room, true);
  return (
    <section class="rooms" aria-labelledby="rooms">
      <h2 id="rooms" class="for-readers">
        {words.rooms}
      </h2>
      {groups.map(({ room, things: inside }) => (
        <section key={room?.id ?? ""} class="tile room" data-room={room?.id ?? ""}>
          <h3>
            {room?.name ?? words.roomless} {room?.private && <span class="badge">{words.privateRoom}</span>}
          </h3>
          {inside.length > 0 ? (
            <ul class="things">
              {inside.map((thing) =>
                thing.kind === "device" ? (
                  <LightRow key={thing.id} light={thing.light} />
                ) : (
                  <Thing
                    key={thing.id}
                    follower={thing.follower}
                    name={placeOf(registry, "follower", thing.id)?.name ?? thing.follower.view.value.name}
                  />
                ),
              )}
            </ul>
          ) : (
            <p class="hint">{words.nothingStands}</p>
          )}
        </section>
      ))}
      {groups.length === 0 && <p class="tile empty">{words.noFollowers}</p>}
      {registry?.rooms.length === 0 && session.may("designer") && (
        <p class="hint">
          {words.noRooms} <a href={hrefTo("settings", "rooms")}>{words.makeRooms}</a>
        </p>
      )}
    </section>
  );
}

function Thing({ follower, name }: { follower: Follower; name: string }) {
  const { verdict, virtual } = follower.view.value;
  return (
    <li class={`thing state-${verdict.state}`} data-thing={follower.id}>
      <a href={hrefTo("followers", follower.id)}>
        <span>
          <span class="thing-name">{name}</span> {virtual && <span class="virtual">{pageWords().virtual}</span>}
        </span>
        <span class="state">
          <StateMark state={verdict.state} />
          {verdictList().names[verdict.state]}
        </span>
      </a>
    </li>
  );
}
