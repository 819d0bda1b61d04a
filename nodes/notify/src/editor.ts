/** The dialog of skein-notify. */
import {
  ask,
  CATEGORY,
  COLOURS,
  defaultsOf,
  dialogButton,
  markWrong,
  nodeButton,
  registerNode,
  VARIABLE,
  type Press,
} from "@skein/palette/editor";
import {
  buttonsIn,
  byPlace,
  defaults,
  MAX_BUTTONS,
  MAX_LABEL,
  minutesIn,
  minutesToSave,
  wrongButtons,
  type Button,
  type NotifyConfig,
} from "./config";

const test: Press<NotifyConfig> = async (node) => {
  const { sent } = await ask<{ sent: Record<string, { ok: boolean; detail?: string }> }>(
    `skein/notify/${node.id}/test`,
    "POST",
  );
  const failed = Object.entries(sent).filter(([, { ok }]) => !ok);
  const names = (all: [string, unknown][]) => all.map(([name]) => name).join(", ");
  if (failed.length > 0)
    throw new Error(node._("notify.notify.failed", { channels: names(failed), why: failed[0]?.[1].detail ?? "" }));
  return node._("notify.notify.sent", { channels: names(Object.entries(sent)) });
};

const rows = Array.from({ length: MAX_BUTTONS }, (_, index) => index + 1);
const labelOf = (row: number) => $(`#skein-notify-label-${row}`);
const valueOf = (row: number) => $(`#skein-notify-value-${row}`);

/** A button without a value of its own sends what stands on it. */
function shownButton(row: number): Button | undefined {
  const label = String(labelOf(row).val() ?? "").trim();
  const value = String(valueOf(row).val() ?? "").trim();
  return label === "" && value === "" ? undefined : { value: value || label, label: label || value };
}

registerNode<NotifyConfig>("skein-notify", {
  category: CATEGORY,
  color: COLOURS.people,
  icon: "notify.svg",
  align: "right",
  defaults: defaultsOf(defaults, {
    bus: { type: "skein-bus" },
    buttons: {
      validate(buttons, _options) {
        const wrong = wrongButtons(buttonsIn(buttons));
        return wrong === undefined || this._(`notify.invalid.${wrong}`);
      },
    },
    validMinutes: {
      validate(minutes, _options) {
        const saved = String(minutes ?? 0).trim();
        return VARIABLE.test(saved) || minutesIn(saved) !== undefined || this._("notify.invalid.minutes");
      },
    },
  }),
  inputs: 1,
  outputs: 2,
  paletteLabel() {
    return this._("notify.label.palette");
  },
  inputLabels() {
    return this._("notify.label.input");
  },
  outputLabels(index) {
    return this._(index === 0 ? "notify.label.sent" : "notify.label.pressed");
  },
  label() {
    return this.name || (this.titleType === "str" && this.title) || this._("notify.label.palette");
  },
  button: nodeButton(test),
  oneditprepare() {
    const typed = (field: string, types: string[]) =>
      $(`#node-input-${field}`).typedInput({ types, typeField: `#node-input-${field}Type` } as never);
    typed("text", ["msg", "str", "flow", "global", "env", "jsonata"]);
    typed("title", ["str", "msg", "flow", "global", "env", "jsonata"]);
    typed("picture", ["msg", "flow", "global", "env", "jsonata"]);
    for (const [index, { value, label }] of buttonsIn(this.buttons).slice(0, MAX_BUTTONS).entries()) {
      labelOf(index + 1).val(label);
      if (value !== label) valueOf(index + 1).val(value);
    }
    for (const row of rows) {
      labelOf(row).attr("maxlength", MAX_LABEL);
      const check = () => {
        for (const each of rows) {
          const mine = shownButton(each)?.value;
          const twice = mine !== undefined && rows.some((other) => other < each && shownButton(other)?.value === mine);
          markWrong(valueOf(each), twice ? this._("notify.invalid.twice") : undefined);
        }
      };
      labelOf(row).add(valueOf(row)).on("input change", check);
    }
    dialogButton("#skein-notify-test", this, test);
  },
  oneditsave() {
    // A node that an earlier release saved is in today's form from here on.
    this.configVersion = defaults.configVersion;
    this.buttons = byPlace(rows.flatMap((row) => shownButton(row) ?? []));
    this.validMinutes = minutesToSave(String($("#node-input-validMinutes").val() ?? ""));
  },
});
