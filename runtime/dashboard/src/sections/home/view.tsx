import { tiles } from "../../tiles";
import type { Tile } from "../../tiles/tile";
import { usePage } from "../../view/page";

/** The tiles that this account may see: what fills the row first, then two columns that a phone shows one below the other. */
export function Home() {
  const { house, session } = usePage();
  const seen = tiles.filter(({ role }) => session.may(role));
  const at = (width: Tile["width"]) =>
    seen.filter((tile) => tile.width === width).map((tile) => <tile.view key={tile.id} />);
  return (
    <>
      <h1 class="for-readers">{house.about.value?.name}</h1>
      <div class="tiles">
        <div class="tiles-wide">{at("wide")}</div>
        <div class="tiles-main">{at("main")}</div>
        <div class="tiles-side">{at("side")}</div>
      </div>
    </>
  );
}
