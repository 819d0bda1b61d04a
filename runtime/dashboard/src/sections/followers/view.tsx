import { lazyView } from "../../view/lazy-view";
import type { SectionProps } from "../section";
import { List } from "./list";

/** With its graphs: its script comes when somebody looks at one follower. */
const Detail = lazyView(async () => (await import("./detail/view")).Detail);

/** `#/followers` is all of them, `#/followers/attic` one. */
export function FollowersView({ rest: [id, range] }: SectionProps) {
  return id === undefined ? <List /> : <Detail id={id} range={range} />;
}
