import { useResource } from "../../../api/use-resource";
import { placeOf } from "../../../registry";
import { hrefTo } from "../../../router";
import { icons } from "../../../view/icons";
import { usePage } from "../../../view/page";
import { FollowerCard } from "../follower-card";
import { followersWords } from "../words";
import { Capabilities } from "./capabilities";
import { Commands } from "./commands";
import "./detail.css";
import { Figures } from "./figures";
import { Host } from "./host";
import { LatestEvents } from "./latest-events";
import { rangeOf } from "./ranges";

/** One follower: `#/followers/attic`, and behind it the time that is shown, as in `#/followers/attic/7d`. */
export function Detail({ id, range }: { id: string; range: string | undefined }) {
  const words = followersWords();
  const follower = usePage().house.followers.value.find((each) => each.id === id);
  const place = placeOf(useResource("registry").value.value, "follower", id);
  const name = place?.name ?? follower?.view.value.name ?? id;
  return (
    <div class="detail">
      <p>
        <a class="way-back" href={hrefTo("followers")}>
          {icons.back} {words.back}
        </a>
      </p>
      <h1>{name}</h1>
      {follower ? (
        <div class="detail-parts">
          <div class="detail-side">
            <ul class="cards">
              <FollowerCard follower={follower} detailed />
            </ul>
            <Commands key={id} follower={follower} name={name} />
            <Capabilities view={follower.view.value} />
            <Host view={follower.view.value} />
          </div>
          <div class="detail-main">
            <Figures key={id} follower={follower} range={rangeOf(range)} />
            <LatestEvents key={id} id={id} />
          </div>
        </div>
      ) : (
        <p class="empty">{words.unknown(id)}</p>
      )}
    </div>
  );
}
