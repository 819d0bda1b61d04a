/** A list to choose from: what is there now as check boxes, and a line for everything else (ids to come, patterns, `${VAR}`). */
import { listOf } from "../pattern";

export interface Offer {
  /** What stands in the line when it is chosen. */
  readonly value: string;
  readonly name: string;
  /** A made-up one (the demo). */
  readonly virtual?: boolean;
  /** One of Font Awesome's. */
  readonly icon?: string;
  /** At the end of its row; `look` is a state of a follower. */
  readonly note?: { readonly text: string; readonly look?: string };
}

/** Colours are Node-RED's, so that they fit both themes. */
export const LIST_STYLE = `
  .skein-row {
    display: flex !important;
    align-items: center;
    gap: 6px;
    width: auto !important;
    margin: 0 12px 2px 0 !important;
    color: var(--red-ui-form-text-color);
  }
  .skein-row input {
    width: auto !important;
    margin: 0 !important;
  }
  .skein-list {
    display: inline-block;
    width: 70%;
    max-height: 160px;
    overflow-y: auto;
    box-sizing: border-box;
    padding: 6px;
    vertical-align: top;
    color: var(--red-ui-secondary-text-color);
    background: var(--red-ui-form-input-background);
    border: 1px solid var(--red-ui-form-input-border-color);
    border-radius: 5px;
  }
  .skein-virtual {
    padding: 0 4px;
    font-size: 10px;
    color: var(--red-ui-text-color-warning);
    border: 1px solid var(--red-ui-text-color-warning);
    border-radius: 3px;
  }
  .skein-note {
    margin-left: auto;
    color: var(--red-ui-secondary-text-color);
  }
  .skein-note-alive {
    color: var(--red-ui-text-color-success);
  }
  .skein-note-dead {
    color: var(--red-ui-text-color-error);
  }
`;

/** For a dialog that has lists (`class="skein-list"`): once for all of our packages. */
export function styleLists(): void {
  if ($("#skein-list-style").length === 0) $("head").append($("<style>", { id: "skein-list-style" }).text(LIST_STYLE));
}

/** One check box with its words, for a list. */
export const checkRow = (box: JQuery, words: string): JQuery =>
  $("<label>", { class: "skein-row" }).append(box, $("<span>").text(words));

/** Fills `list` with check boxes that write into `line`, and the other way round. Up and down with Tab and Space. */
export function liveList(line: JQuery, list: JQuery, offers: Promise<readonly Offer[]>, none: string): void {
  const chosen = () => listOf(line.val());
  const mirror = () => {
    const values = new Set(chosen());
    list
      .find("input[type=checkbox]")
      .each((_, box) => void $(box).prop("checked", values.has(String($(box).attr("data-value")))));
  };
  const toggle = (value: string, on: boolean) => {
    const others = chosen().filter((other) => other !== value);
    line.val((on ? [...others, value] : others).join(", ")).trigger("change");
  };
  line.off(".skein").on("input.skein change.skein", mirror);
  const isLast = asking(list, offers);
  offers.then(
    (all): void => {
      if (!isLast()) return;
      list.empty();
      if (all.length === 0) list.append(document.createTextNode(none));
      for (const offer of all) list.append(row(offer, toggle));
      mirror();
    },
    (error: Error) => {
      if (isLast()) list.empty().append(document.createTextNode(error.message));
    },
  );
}

/** Fills a `<datalist>`: for a line that takes one of these, or something else. */
export function suggest(list: JQuery, offers: Promise<readonly Offer[]>): void {
  const isLast = asking(list, offers);
  offers.then(
    (all): void => {
      if (!isLast()) return;
      list
        .empty()
        .append(
          all.map(({ value, name, virtual }) => $("<option>", { value }).text(virtual ? `${name} VIRTUAL` : name)),
        );
    },
    () => {
      if (isLast()) list.empty();
    },
  );
}

/** Whether these offers are still what was asked for last: another bus may be chosen before this one's answer comes. */
function asking(list: JQuery, offers: Promise<readonly Offer[]>): () => boolean {
  list.data("asked", offers);
  return () => list.data("asked") === offers;
}

function row({ value, name, virtual, icon, note }: Offer, toggle: (value: string, on: boolean) => void): JQuery {
  const box = $("<input>", { type: "checkbox" }).attr("data-value", value);
  box.on("change", () => toggle(value, box.prop("checked") === true));
  const label = checkRow(box, name === value ? value : `${name} (${value})`);
  if (icon) box.after($("<i>", { class: `fa ${icon}`, "aria-hidden": "true" }));
  if (virtual) label.append($("<span>", { class: "skein-virtual" }).text("VIRTUAL"));
  if (note) label.append($("<span>", { class: `skein-note skein-note-${note.look ?? "plain"}` }).text(note.text));
  return label;
}
