import type { SectionProps } from "../section";
import { Detail } from "./detail";
import "./lights.css";
import { List } from "./list";

/** `#/lights` is all of them, `#/lights/kasa-...` one, and behind it the time that its figures are shown over, as in `.../7d`. */
export function LightsView({ rest: [id, range] }: SectionProps) {
  return <div class="lights">{id === undefined ? <List /> : <Detail id={id} range={range} />}</div>;
}
