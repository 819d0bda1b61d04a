import { useResource } from "../../../api/use-resource";
import { OverTime } from "../../../graphs/over-time";
import { rangeOf } from "../../../graphs/ranges";
import { placeOf } from "../../../registry";
import { hrefTo } from "../../../router";
import { icons } from "../../../view/icons";
import { usePage } from "../../../view/page";
import { FollowerCard } from "../follower-card";
import { followersWords } from "../words";
import { Capabilities } from "./capabilities";
import { Commands } from "./commands";
import "./detail.css";
import { Host } from "./host";
import { LatestEvents } from "./latest-events";
import { VerdictStrip } from "./verdict-strip";

/** One follower: `#/followers/attic`, and behind it the time that is shown, as in `#/followers/attic/7d`. */
export function Detail({ id, range: chosen }: { id: string; range: string | undefined }) {
  const range = rangeOf(chosen);
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
            <OverTime
              key={id}
              path={`followers/${encodeURIComponent(id)}/metrics`}
              range={range}
              news={follower.view}
              href={(to) => hrefTo("followers", id, to)}
            >
              <VerdictStrip follower={follower} range={range} />
            </OverTime>
            <LatestEvents key={id} id={id} />
          </div>
        </div>
      ) : (
        <p class="empty">{words.unknown(id)}</p>
      )}
    </div>
  );
}
