/** The dialog of skein-in. */
import {
  CATEGORY,
  COLOURS,
  defaultsOf,
  followerOffers,
  markWrong,
  registerNode,
  suggest,
  VARIABLE,
} from "@skein/palette/editor";
import { inDefaults, isTopicFilter, type SkeinInConfig } from "./config";
import { contractNow, idRow, messageForm, messageOf } from "./editor-contract";
import { fitsId, idsToSave, mayBeFollowers } from "./editor-ids";

export function registerIn(): void {
  registerNode<SkeinInConfig>("skein-in", {
    category: CATEGORY,
    color: COLOURS.bus,
    icon: "skein-bus.svg",
    defaults: defaultsOf(inDefaults, {
      bus: { type: "skein-bus" },
      ids: {
        validate(ids, _options) {
          const chosen = this.message === "" ? [] : Object.entries(ids ?? {});
          return (
            chosen.every(([id, choice]) => fitsId(choice, id, contractNow(this.message))) || this._("in.invalid.ids")
          );
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
    oneditprepare() {
      const offered = $("#skein-in-followers");
      const bus = $("#node-input-bus");
      const offer = () =>
        suggest(
          offered,
          followerOffers(String(bus.val() ?? ""), () => ""),
        );
      bus.on("change", offer);
      offer();
      messageForm({
        kind: "in",
        node: this,
        isOffered: () => true,
        showRow: (rows, id, contract) => {
          const input = $("<input>", { type: "text", placeholder: this._("in.placeholder.anyId") }).val(
            this.ids[id] ?? "",
          );
          if (mayBeFollowers(id, contract)) input.attr("list", "skein-in-followers");
          const check = () =>
            markWrong(input, fitsId(input.val(), id, contract) ? undefined : this._("in.invalid.ids"));
          input.on("input change", check);
          rows.append(idRow(id, input));
          check();
        },
      });
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
