/** The dialog of skein-out. */
import { CATEGORY, COLOURS, defaultsOf, isIdText, markWrong, registerNode, wrongIn } from "@skein/palette/editor";
import { defaultIdOf, isTopic, outDefaults, type SkeinOutConfig, type Typed } from "./config";
import { idRow, messageForm, messageOf } from "./editor-contract";
import { idsToSave } from "./editor-ids";

const VALUES = ["str", "msg", "flow", "global", "env", "jsonata"] as const;
/** Whose value is the sender itself: never asked for. */
const OWN = ["host", "issuer"];

/** Only what is written down can be judged here; the rest is known when a message comes. */
const fits = ({ value, type }: Typed, isRight: (text: string) => boolean): boolean =>
  type !== "str" || wrongIn([value], isRight).length === 0;

export function registerOut(): void {
  registerNode<SkeinOutConfig>("skein-out", {
    category: CATEGORY,
    color: COLOURS.bus,
    icon: "skein-bus.svg",
    align: "right",
    defaults: defaultsOf(outDefaults, {
      bus: { type: "skein-bus" },
      ids: {
        validate(ids, _options) {
          const chosen = this.message === "" ? [] : Object.values(ids ?? {});
          return chosen.every((id) => fits(id, isIdText)) || this._("out.invalid.ids");
        },
      },
      topic: {
        validate(saved, _options) {
          const value = saved ?? "";
          const free = messageOf("#skein-out-message", this) === "";
          const shown = $("#node-input-topicType").val();
          const type = typeof shown === "string" ? shown : this.topicType;
          return !free || value === "" || fits({ value, type }, isTopic) || this._("out.invalid.topic");
        },
      },
    }),
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
    oneditprepare() {
      $("#node-input-topic").typedInput({ types: [...VALUES], typeField: "#node-input-topicType" } as never);
      $("#node-input-payload").typedInput({
        types: ["msg", "flow", "global", "str", "num", "bool", "json", "bin", "date", "jsonata", "env"],
        typeField: "#node-input-payloadType",
      } as never);
      messageForm({
        kind: "out",
        node: this,
        isOffered: ({ sendable }) => sendable,
        showRow: (rows, id) => {
          if (OWN.includes(id)) return;
          const input = $("<input>", { type: "text" });
          rows.append(idRow(id, input));
          const chosen = this.ids[id] ?? defaultIdOf(id);
          input.typedInput({ types: [...VALUES] } as never);
          input.typedInput("type", chosen.type as never);
          input.typedInput("value", chosen.value);
          const check = () => {
            const typed = { value: input.typedInput("value"), type: input.typedInput("type") };
            markWrong(input, fits(typed, isIdText) ? undefined : this._("out.invalid.ids"));
          };
          input.on("change", check);
          check();
        },
      });
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
