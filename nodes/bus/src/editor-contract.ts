/** The contract in a dialog: the list of messages, as the runtime knows it. */
import { ask } from "@skein/palette/editor";
import type { ContractMessage } from "./config";

let asked: Promise<ContractMessage[]> | undefined;

/** Asked once a page; a failure is asked again. */
export function contract(): Promise<ContractMessage[]> {
  asked ??= ask<ContractMessage[]>("skein/messages").catch((error: unknown) => {
    asked = undefined;
    throw error;
  });
  return asked;
}

/** Fills the select with messages and "a free topic"; `chosen` stays even when the contract no longer has it. */
export function fillMessages(
  select: JQuery,
  messages: readonly ContractMessage[],
  chosen: string,
  freeTopic: string,
): void {
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
