import type { SectionProps } from "../section";
import { Detail } from "./detail";
import "./lights.css";
import { List } from "./list";

/** `#/lights` is all of them, `#/lights/kasa-...` one. */
export function LightsView({ rest: [id] }: SectionProps) {
  return <div class="lights">{id === undefined ? <List /> : <Detail id={id} />}</div>;
}
