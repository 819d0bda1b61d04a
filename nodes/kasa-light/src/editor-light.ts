/** The dialog of skein-kasa-light. */
import type { EditorRED } from "node-red";
import {
  ask,
  CATEGORY,
  COLOURS,
  defaultsOf,
  dialogButton,
  isDeviceChoice,
  listOf,
  markWrong,
  nodeButton,
  notify,
  registerNode,
  styleLists,
  VARIABLE,
  wrongIn,
  type Press,
} from "@skein/palette/editor";
import { defaults, MAX_SCENE_NAME, transitionIn, type KasaLightConfig } from "./config";
import { chosen, namesOf, offer } from "./editor-offers";

declare const RED: EditorRED;

/** In the leader's own editor: there the leader owns the connections. */
const isDirectHidden = (): boolean =>
  (RED.settings as unknown as { skeinKasaDirectHidden?: boolean }).skeinKasaDirectHidden === true;

const pressed =
  (what: "switch" | "blink"): Press<KasaLightConfig> =>
  async (node) => {
    await ask(`skein/kasa-light/${node.id}/${what}`, "POST");
    return node._(`kasa-light.notify.${what}`);
  };

/** What is wrong, if anything. Node-RED shows it as markup, so what was typed is not in it. */
const wrongTargets = (node: { _(key: string): string }, targets: unknown): string | undefined =>
  wrongIn(listOf(targets), isDeviceChoice).length > 0 ? node._("kasa-light.invalid.targets") : undefined;

export const registerLight = (): void =>
  registerNode<KasaLightConfig>("skein-kasa-light", {
    category: CATEGORY,
    color: COLOURS.lights,
    icon: "kasa-light.svg",
    defaults: defaultsOf(defaults, {
      bus: { type: "skein-bus", required: false },
      direct: { type: "skein-kasa-direct", required: false },
      targets: {
        validate(targets, _options) {
          return this.targetType !== "list" || (wrongTargets(this, targets) ?? true);
        },
      },
      scene: {
        validate(scene, _options) {
          const name = (scene ?? "").trim();
          const fits = name !== "" && (VARIABLE.test(name) || name.length <= MAX_SCENE_NAME);
          return this.does === "set" || fits || this._("kasa-light.invalid.scene");
        },
      },
      transitionMs: {
        validate(saved, _options) {
          const line = String(saved ?? "").trim();
          return VARIABLE.test(line) || transitionIn(line) !== false || this._("kasa-light.invalid.transition");
        },
      },
    }),
    inputs: 1,
    outputs: 2,
    paletteLabel() {
      return this._("kasa-light.label.palette");
    },
    inputLabels() {
      return this._("kasa-light.label.input");
    },
    outputLabels(index) {
      return this._(index === 0 ? "kasa-light.label.confirmed" : "kasa-light.label.elsewhere");
    },
    label() {
      const named = this.does === "set" ? this.targetNames || listOf(this.targets).join(", ") : this.scene;
      return this.name || named || this._("kasa-light.label.palette");
    },
    button: nodeButton(pressed("switch")),
    oneditprepare() {
      $("#skein-kasa-direct-row").toggle(!isDirectHidden() || this.direct !== "");
      const typed = (field: string, types: unknown[]) =>
        $(`#node-input-${field}`).typedInput({ types, typeField: `#node-input-${field}Type` } as never);
      typed("target", [
        { value: "list", label: this._("kasa-light.label.list"), icon: "fa fa-list", hasValue: false },
        "msg",
        "flow",
        "global",
        "env",
        "jsonata",
      ]);
      typed("payload", ["msg", "flow", "global", "str", "num", "bool", "json", "env", "jsonata"]);
      const show = () => {
        $("#skein-kasa-list-rows").toggle($("#node-input-targetType").val() === "list");
        const does = String($("#node-input-does").val());
        $("#skein-kasa-scene-row, #skein-kasa-scene-hint").toggle(does !== "set");
        $("#skein-kasa-scene-hint").text(does === "set" ? "" : this._(`kasa-light.hint.${does}`));
      };
      $("#node-input-target").on("change", show);
      $("#node-input-does").on("change", show);
      show();

      const line = $("#skein-kasa-targets");
      line.val(listOf(this.targets).join(", "));
      const check = () => markWrong(line, wrongTargets(this, line.val()));
      line.on("input change", check);
      check();
      styleLists();
      offer(this);
      $("#node-input-bus, #node-input-direct").on("change", () => offer(this));
      $("#skein-kasa-look").on("click", (event) => {
        event.preventDefault();
        ask<{ found: number }>("skein/kasa-light/look", "POST", { bus: chosen("bus"), direct: chosen("direct") }).then(
          ({ found }) => {
            offer(this);
            const where = chosen("direct") ? "found" : "waiting";
            notify(this._(`kasa-light.notify.${found === 0 ? "nobodyNew" : where}`, { found }), "success");
          },
          (error: Error) => notify(error.message, "error"),
        );
      });
      dialogButton("#skein-kasa-switch", this, pressed("switch"));
      dialogButton("#skein-kasa-blink", this, pressed("blink"));
    },
    oneditsave() {
      this.targets = listOf($("#skein-kasa-targets").val());
      this.targetNames = namesOf(this.targets);
    },
  });
