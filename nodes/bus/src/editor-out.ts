/** The dialog of skein-out. */
import { CATEGORY, COLOURS, defaultsOf, preselectBus, registerNode } from "@skein/palette/editor";
import { defaultIdOf, outDefaults, type SkeinOutConfig, type Typed } from "./config";
import { contract, fillMessages, idRow } from "./editor-contract";

const VALUES = ["str", "msg", "flow", "global", "env", "jsonata"] as const;
/** Whose value is the sender itself: never asked for. */
const OWN = ["host", "issuer"];

export function registerOut(): void {
  registerNode<SkeinOutConfig>("skein-out", {
    category: CATEGORY,
    color: COLOURS.bus,
    icon: "skein-bus.svg",
    align: "right",
    defaults: defaultsOf(outDefaults, { bus: { type: "skein-bus" } }),
    inputs: 1,
    outputs: 1,
    paletteLabel() {
      return this._("out.label.palette");
    },
    inputLabels() {
      return this._("out.label.input");
    },
    outputLabels() {
      return this._("out.label.output");
    },
    label() {
      return this.name || this.message || this.topic || this._("out.label.palette");
    },
    labelStyle() {
      return this.name ? "node_label_italic" : "";
    },
    onadd() {
      preselectBus(this);
    },
    oneditprepare() {
      const select = $("#skein-out-message");
      const rows = $("#skein-out-ids");
      const free = this._("out.label.freeTopic");
      $("#node-input-topic").typedInput({ types: [...VALUES], typeField: "#node-input-topicType" } as never);
      $("#node-input-payload").typedInput({
        types: ["msg", "flow", "global", "str", "num", "bool", "json", "bin", "date", "jsonata", "env"],
        typeField: "#node-input-payloadType",
      } as never);
      fillMessages(select, [], this.message, free);
      const show = (ids: readonly string[]) => {
        $("#skein-out-free").toggle(select.val() === "");
        rows.empty();
        for (const id of ids) {
          if (OWN.includes(id)) continue;
          const input = $("<input>", { type: "text" });
          rows.append(idRow(id, input));
          const chosen = this.ids[id] ?? defaultIdOf(id);
          input.typedInput({ types: [...VALUES] } as never);
          input.typedInput("type", chosen.type as never);
          input.typedInput("value", chosen.value);
        }
      };
      contract().then(
        (all) => {
          const messages = all.filter(({ sendable }) => sendable);
          fillMessages(select, messages, this.message, free);
          const change = () => show(messages.find(({ name }) => name === select.val())?.ids ?? []);
          select.on("change", change);
          change();
        },
        (error: Error) => void rows.text(error.message),
      );
      show(Object.keys(this.ids));
    },
    oneditsave() {
      this.message = String($("#skein-out-message").val() ?? "");
      const ids: Record<string, Typed> = {};
      $("#skein-out-ids input[data-id]").each((_, element) => {
        const input = $(element);
        ids[String(input.attr("data-id"))] = {
          value: input.typedInput("value"),
          type: input.typedInput("type"),
        };
      });
      this.ids = ids;
    },
  });
}
