import { useResource } from "../api/use-resource";
import type { Follower } from "../house";
import { byRoom, placeOf } from "../registry";
import { hrefTo } from "../router";
import { StateMark } from "../view/state-mark";
import { pageWords } from "../page-words";
import { usePage } from "../view/page";
import { verdictList } from "../words";
import type { Tile } from "./tile";
import { tileWords } from "./words";

export const rooms: Tile = { id: "rooms", role: "viewer", width: "main", view: Rooms };

/** Each room with what stands in it, and how that is. */
function Rooms() {
  const { house, session } = usePage();
  const words = tileWords();
  const registry = useResource("registry").value.value;
  const followers = house.followers.value;
  const roomOf = ({ id }: Follower) => placeOf(registry, "follower", id)?.room;
  const groups = byRoom(registry, followers, roomOf, true);
  return (
    <section class="rooms" aria-labelledby="rooms">
      <h2 id="rooms" class="for-readers">
        {words.rooms}
      </h2>
      {groups.map(({ room, things }) => (
        <section key={room?.id ?? ""} class="tile room" data-room={room?.id ?? ""}>
          <h3>
            {room?.name ?? words.roomless} {room?.private && <span class="badge">{words.privateRoom}</span>}
          </h3>
          {things.length > 0 ? (
            <ul class="things">
              {things.map((follower) => (
                <Thing
                  key={follower.id}
                  follower={follower}
                  name={placeOf(registry, "follower", follower.id)?.name ?? follower.view.value.name}
                />
              ))}
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
