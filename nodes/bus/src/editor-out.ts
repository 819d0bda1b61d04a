/** The dialog of skein-out. */
import { CATEGORY, COLOURS, defaultsOf, notify, preselectBus, registerNode } from "@skein/palette/editor";
import { defaultIdOf, outDefaults, type ContractMessage, type SkeinOutConfig, type Typed } from "./config";
import { contract, fillMessages, idRow } from "./editor-contract";
import { idsAsked, idsToSave } from "./editor-ids";

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
      let messages: readonly ContractMessage[] = [];
      const show = () => {
        const asked = String(select.val() ?? "");
        $("#skein-out-free").toggle(asked === "");
        rows.empty();
        for (const id of idsAsked(messages, asked, this)) {
          if (OWN.includes(id)) continue;
          const input = $("<input>", { type: "text" });
          rows.append(idRow(id, input));
          const chosen = this.ids[id] ?? defaultIdOf(id);
          input.typedInput({ types: [...VALUES] } as never);
          input.typedInput("type", chosen.type as never);
          input.typedInput("value", chosen.value);
        }
      };
      fillMessages(select, messages, this.message, free);
      select.on("change", show);
      show();
      contract().then(
        (all) => {
          messages = all.filter(({ sendable }) => sendable);
          fillMessages(select, messages, this.message, free);
          show();
        },
        (error: Error) => notify(error.message, "error"),
      );
    },
    oneditsave() {
      const chosen = String($("#skein-out-message").val() ?? "");
      const rows = new Map<string, Typed>();
      $("#skein-out-ids input[data-id]").each((_, element) => {
        const input = $(element);
        rows.set(String(input.attr("data-id")), {
          value: input.typedInput("value"),
          type: input.typedInput("type"),
        });
      });
      this.ids = idsToSave(rows, chosen, this);
      this.message = chosen;
    },
  });
}
