import { useResource } from "../../api/use-resource";
import { tally } from "../../figures";
import type { Follower } from "../../house";
import { byRoom, placeOf } from "../../registry";
import { usePage } from "../../view/page";
import { AddButton } from "../../adding/add-button";
import { FollowerCard } from "./follower-card";
import { HouseState } from "./house-state";
import { followersWords } from "./words";

/** All followers, by the room they stand in. */
export function List() {
  const words = followersWords();
  const { house } = usePage();
  const registry = useResource("registry").value.value;
  const followers = house.followers.value;
  const roomOf = ({ id }: Follower) => placeOf(registry, "follower", id)?.room;
  const groups = byRoom(registry, followers, roomOf);
  const roomless = groups.every(({ room }) => room === undefined);
  return (
    <>
      <div class="title">
        <h1>{words.title}</h1>
        <AddButton />
      </div>
      <p class="tally">{tally(followers.map((follower) => follower.view.value.verdict.state))}</p>
      <HouseState />
      {groups.map(({ room, things }) => (
        <section key={room?.id ?? ""} class="room-group">
          <h2 class={roomless ? "for-readers" : ""}>{roomless ? words.all : (room?.name ?? words.roomless)}</h2>
          <ul class="cards">
            {things.map((follower) => (
              <FollowerCard key={follower.id} follower={follower} />
            ))}
          </ul>
        </section>
      ))}
      {followers.length === 0 && <p class="empty">{words.empty}</p>}
    </>
  );
}
