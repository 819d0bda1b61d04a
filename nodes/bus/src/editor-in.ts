/** The dialog of skein-in. */
import { CATEGORY, COLOURS, defaultsOf, liveFollowers, preselectBus, registerNode } from "@skein/palette/editor";
import { inDefaults, type SkeinInConfig } from "./config";
import { contract, fillMessages, idRow } from "./editor-contract";

export function registerIn(): void {
  registerNode<SkeinInConfig>("skein-in", {
    category: CATEGORY,
    color: COLOURS.bus,
    icon: "skein-bus.svg",
    defaults: defaultsOf(inDefaults, { bus: { type: "skein-bus" } }),
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
      fillMessages(select, [], this.message, free);
      const show = (ids: readonly string[]) => {
        $("#skein-in-free").toggle(select.val() === "");
        rows.empty();
        for (const id of ids) {
          const input = $("<input>", { type: "text", placeholder: this._("in.placeholder.anyId") }).val(
            this.ids[id] ?? "",
          );
          if (id === "id" || id === "target") input.attr("list", "skein-in-followers");
          rows.append(idRow(id, input));
        }
      };
      show(Object.keys(this.ids));
      contract().then(
        (messages) => {
          fillMessages(select, messages, this.message, free);
          const change = () => show(messages.find(({ name }) => name === select.val())?.ids ?? []);
          select.on("change", change);
          change();
        },
        (error: Error) => void rows.text(error.message),
      );
    },
    oneditsave() {
      this.message = String($("#skein-in-message").val() ?? "");
      const ids: Record<string, string> = {};
      $("#skein-in-ids input").each((_, input) => {
        const value = String($(input).val() ?? "").trim();
        if (value !== "") ids[String($(input).attr("data-id"))] = value;
      });
      this.ids = ids;
    },
  });
}
