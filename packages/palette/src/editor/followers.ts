/** Followers to choose from: who is there now as check boxes, and a line for everything else (ids to come, patterns, ${VAR}). */
import { listOf } from "../pattern";
import { ask } from "./style";

interface Follower {
  readonly id: string;
  readonly name: string;
  readonly virtual: boolean;
  readonly state: string;
}

export const liveFollowers = (bus: string | undefined): Promise<Follower[]> =>
  ask<Follower[]>(`skein/followers${bus && bus !== "_ADD_" ? `?bus=${encodeURIComponent(bus)}` : ""}`);

export interface FollowerListTexts {
  readonly none: string;
  state(state: string): string;
}

/** Fills `list` with check boxes that write into `line`, and the other way round. Up and down with Tab and Space. */
export function followerList(line: JQuery, list: JQuery, bus: string | undefined, texts: FollowerListTexts): void {
  const chosen = () => listOf(line.val());
  const boxes = (): JQuery => list.find("input[type=checkbox]");
  const mirror = () => {
    const ids = new Set(chosen());
    boxes().each((_, box) => void $(box).prop("checked", ids.has(String($(box).attr("data-follower")))));
  };
  line.off(".skein").on("input.skein change.skein", mirror);
  void liveFollowers(bus).then(
    (followers): void => {
      list.empty();
      if (followers.length === 0) list.append(document.createTextNode(texts.none));
      for (const follower of followers)
        list.append(
          row(follower, texts, (id, on) => {
            const others = chosen().filter((other) => other !== id);
            line.val((on ? [...others, id] : others).join(", ")).trigger("change");
          }),
        );
      mirror();
    },
    (error: Error) => void list.empty().append(document.createTextNode(error.message)),
  );
}

function row(
  { id, name, virtual, state }: Follower,
  texts: FollowerListTexts,
  toggle: (id: string, on: boolean) => void,
): JQuery {
  const box = $("<input>", { type: "checkbox" }).attr("data-follower", id);
  box.on("change", () => toggle(id, box.prop("checked") === true));
  const label = $("<label>", { class: "skein-follower" }).append(
    box,
    $("<span>").text(name === id ? id : `${name} (${id})`),
  );
  if (virtual) label.append($("<span>", { class: "skein-virtual" }).text("VIRTUAL"));
  return label.append($("<span>", { class: `skein-state skein-state-${state}` }).text(texts.state(state)));
}
