/** The contract in a dialog: the list of messages, as the runtime knows it. */
import { ask, notify } from "@skein/palette/editor";
import type { ContractMessage } from "./config";
import { idsAsked } from "./editor-ids";

let asked: Promise<ContractMessage[]> | undefined;
let known: readonly ContractMessage[] = [];

/** What the contract says of a message; undefined until it has come, with the first dialog that asks for it. */
export const contractNow = (message: string): ContractMessage | undefined => known.find(({ name }) => name === message);

/** Asked once a page; a failure is asked again. */
function contract(): Promise<ContractMessage[]> {
  asked ??= ask<ContractMessage[]>("skein/messages").then(
    (all) => {
      known = all;
      return all;
    },
    (error: unknown) => {
      asked = undefined;
      throw error;
    },
  );
  return asked;
}

/** What skein-in and skein-out ask alike: a message of the contract with a row for each id of its topic, or a free topic. */
export function messageForm({
  kind,
  node,
  isOffered,
  showRow,
}: {
  readonly kind: "in" | "out";
  readonly node: { message: string; ids: Record<string, unknown>; _(key: string): string };
  readonly isOffered: (message: ContractMessage) => boolean;
  /** Appends the row of an id; without the contract it is that of a message as it was saved. */
  readonly showRow: (rows: JQuery, id: string, contract: ContractMessage | undefined) => void;
}): void {
  const select = $(`#skein-${kind}-message`);
  const rows = $(`#skein-${kind}-ids`);
  let messages: readonly ContractMessage[] = [];
  const show = () => {
    const chosen = String(select.val() ?? "");
    $(`#skein-${kind}-free`).toggle(chosen === "");
    // Node-RED looks at the topic again: it counts only here.
    $("#node-input-topic").trigger("change");
    rows.empty();
    const found = messages.find(({ name }) => name === chosen);
    for (const id of idsAsked(messages, chosen, node)) showRow(rows, id, found);
  };
  const fill = () => {
    fillMessages(select, messages, node.message, node._(`${kind}.label.freeTopic`));
    show();
  };
  select.on("change", show);
  fill();
  contract().then(
    (all) => {
      messages = all.filter(isOffered);
      fill();
    },
    (error: Error) => notify(error.message, "error"),
  );
}

/** Fills the select with messages and "a free topic"; `chosen` stays even when the contract no longer has it. */
function fillMessages(select: JQuery, messages: readonly ContractMessage[], chosen: string, freeTopic: string): void {
  select.empty();
  for (const { name, pattern, what } of messages)
    select.append($("<option>", { value: name, title: what }).text(`${name} · ${pattern}`));
  if (chosen !== "" && !messages.some(({ name }) => name === chosen))
    select.append($("<option>", { value: chosen }).text(`${chosen} ?`));
  select.append($("<option>", { value: "" }).text(freeTopic)).val(chosen);
}

/** Which message is chosen: in the dialog while it is open, else in the node. */
export function messageOf(select: string, node: { readonly message: string }): string {
  const shown = $(select).val();
  return typeof shown === "string" ? shown : node.message;
}

/** One labelled row for an id in a topic. */
export function idRow(id: string, input: JQuery): JQuery {
  const inputId = `skein-id-${id}`;
  return $("<div>", { class: "form-row" }).append(
    $("<label>", { for: inputId }).text(`{${id}}`),
    // As wide as the space that stands there in the rows of the page.
    document.createTextNode(" "),
    input.attr("id", inputId).attr("data-id", id),
  );
}
