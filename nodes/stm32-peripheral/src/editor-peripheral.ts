/** The dialog of skein-stm32-peripheral. */
import type { EditorRED } from "node-red";
import {
  ask,
  CATEGORY,
  COLOURS,
  defaultsOf,
  dialogButton,
  isIdentity,
  markWrong,
  nodeButton,
  registerNode,
  VARIABLE,
  type EditedNode,
  type Press,
} from "@skein/palette/editor";
import { defaults, NUMBERS, numberIn, type Stm32PeripheralConfig } from "./config";
import { offer, showChosen, wrongValue } from "./editor-offers";

declare const RED: EditorRED;

/** In the leader's own editor: there the boards hang on followers. */
const isDirectHidden = (): boolean =>
  (RED.settings as unknown as { skeinStm32DirectHidden?: boolean }).skeinStm32DirectHidden === true;

const readNow: Press<Stm32PeripheralConfig> = async (node) => {
  const { text } = await ask<{ text: string }>(`skein/stm32-peripheral/${node.id}/read`, "POST");
  return node._("stm32-peripheral.label.now", { value: text });
};
const makeSafe: Press<Stm32PeripheralConfig> = async (node) => {
  await ask(`skein/stm32-peripheral/${node.id}/safe`, "POST");
  return node._("stm32-peripheral.notify.safe");
};

/** Of a setting that is a number, a variable, or nothing. */
const number = (setting: keyof typeof NUMBERS) => ({
  validate(this: EditedNode<Stm32PeripheralConfig>, saved: number | string | undefined, _options: object) {
    const line = String(saved ?? "").trim();
    return (
      VARIABLE.test(line) || numberIn(line, NUMBERS[setting]) !== false || this._(`stm32-peripheral.invalid.${setting}`)
    );
  },
});

export const registerPeripheral = (): void =>
  registerNode<Stm32PeripheralConfig>("skein-stm32-peripheral", {
    category: CATEGORY,
    color: COLOURS.peripherals,
    icon: "stm32-peripheral.svg",
    defaults: defaultsOf(defaults, {
      bus: { type: "skein-bus", required: false },
      direct: { type: "skein-stm32-direct", required: false },
      board: {
        validate(saved, _options) {
          const board = (saved ?? "").trim();
          const fits = board === "" || VARIABLE.test(board) || isIdentity(board);
          return fits || this.direct !== "" || this._("stm32-peripheral.invalid.board");
        },
      },
      rampMs: number("rampMs"),
      forMs: number("forMs"),
      deadband: number("deadband"),
      everyS: number("everyS"),
    }),
    inputs: 1,
    outputs: 2,
    paletteLabel() {
      return this._("stm32-peripheral.label.palette");
    },
    inputLabels() {
      return this._("stm32-peripheral.label.input");
    },
    outputLabels(index) {
      return this._(index === 0 ? "stm32-peripheral.label.stands" : "stm32-peripheral.label.events");
    },
    label() {
      const named = [this.board, this.channel].filter(Boolean).join(": ");
      return this.name || named || this._("stm32-peripheral.label.palette");
    },
    button: nodeButton(readNow),
    oneditprepare() {
      $("#skein-stm32-direct-row").toggle(!isDirectHidden() || this.direct !== "");
      const payload = $("#node-input-payload");
      payload.typedInput({
        types: ["msg", "flow", "global", "num", "str", "bool", "json", "env", "jsonata"],
        typeField: "#node-input-payloadType",
      } as never);
      const show = () => {
        $("#skein-stm32-board-row").toggle(String($("#node-input-direct").val() ?? "_ADD_") === "_ADD_");
        showChosen(this);
        markWrong(payload, wrongValue(this));
      };
      payload.on("change", show);
      $("#node-input-board, #node-input-channel, #node-input-tell").on("input change", show);
      $("#node-input-bus, #node-input-direct").on("change", () => {
        show();
        offer(this);
      });
      show();
      offer(this);
      dialogButton("#skein-stm32-read", this, readNow);
      dialogButton("#skein-stm32-safe", this, makeSafe);
    },
  });
