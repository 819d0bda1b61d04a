/** The dialog of skein-in. */
import {
  CATEGORY,
  COLOURS,
  defaultsOf,
  isChoice,
  listOf,
  liveFollowers,
  markWrong,
  notify,
  preselectBus,
  registerNode,
  VARIABLE,
  wrongIn,
} from "@skein/palette/editor";
import { inDefaults, isTopicFilter, type ContractMessage, type SkeinInConfig } from "./config";
import { contract, fillMessages, idRow, messageOf } from "./editor-contract";
import { idsAsked, idsToSave } from "./editor-ids";

const fits = (chosen: unknown): boolean => wrongIn(listOf(chosen), isChoice).length === 0;

export function registerIn(): void {
  registerNode<SkeinInConfig>("skein-in", {
    category: CATEGORY,
    color: COLOURS.bus,
    icon: "skein-bus.svg",
    defaults: defaultsOf(inDefaults, {
      bus: { type: "skein-bus" },
      ids: {
        validate(ids, _options) {
          return this.message === "" || Object.values(ids ?? {}).every(fits) || this._("in.invalid.ids");
        },
      },
      topic: {
        validate(saved, _options) {
          const topic = saved?.trim() ?? "";
          const free = messageOf("#skein-in-message", this) === "";
          return !free || VARIABLE.test(topic) || isTopicFilter(topic) || this._("in.invalid.topic");
        },
      },
    }),
    inputs: 0,
    outputs: 1,
    paletteLabel() {
      return this._("in.label.palette");
    },
    outputLabels() {
      return this._("in.label.output");
    },
    label() {
      return this.name || this.message || this.topic || this._("in.label.palette");
    },
    labelStyle() {
      return this.name ? "node_label_italic" : "";
    },
    onadd() {
      preselectBus(this);
    },
    oneditprepare() {
      const select = $("#skein-in-message");
      const rows = $("#skein-in-ids");
      const followers = $("#skein-in-followers");
      liveFollowers(this.bus).then(
        (live) =>
          followers
            .empty()
            .append(
              live.map(({ id, name, virtual }) =>
                $("<option>", { value: id }).text(virtual ? `${name} VIRTUAL` : name),
              ),
            ),
        () => {},
      );
      const free = this._("in.label.freeTopic");
      let messages: readonly ContractMessage[] = [];
      const show = () => {
        const chosen = String(select.val() ?? "");
        $("#skein-in-free").toggle(chosen === "");
        // Node-RED looks at the topic again: it counts only here.
        $("#node-input-topic").trigger("change");
        rows.empty();
        for (const id of idsAsked(messages, chosen, this)) {
          const input = $("<input>", { type: "text", placeholder: this._("in.placeholder.anyId") }).val(
            this.ids[id] ?? "",
          );
          if (id === "id" || id === "target") input.attr("list", "skein-in-followers");
          const check = () => markWrong(input, fits(input.val()) ? undefined : this._("in.invalid.ids"));
          input.on("input change", check);
          rows.append(idRow(id, input));
          check();
        }
      };
      fillMessages(select, messages, this.message, free);
      select.on("change", show);
      show();
      contract().then(
        (all) => {
          messages = all;
          fillMessages(select, messages, this.message, free);
          show();
        },
        (error: Error) => notify(error.message, "error"),
      );
    },
    oneditsave() {
      const chosen = String($("#skein-in-message").val() ?? "");
      const rows = new Map<string, string | undefined>();
      $("#skein-in-ids input").each((_, input) => {
        rows.set(String($(input).attr("data-id")), String($(input).val() ?? "").trim() || undefined);
      });
      this.ids = idsToSave(rows, chosen, this);
      this.message = chosen;
    },
  });
}
