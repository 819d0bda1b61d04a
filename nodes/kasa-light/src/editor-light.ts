/** The dialog of skein-kasa-light. */
import type { EditorRED } from "node-red";
import {
  ask,
  CATEGORY,
  COLOURS,
  defaultsOf,
  dialogButton,
  groupChoice,
  isDeviceChoice,
  listOf,
  liveList,
  markWrong,
  nodeButton,
  notify,
  registerNode,
  roomChoice,
  styleLists,
  suggest,
  VARIABLE,
  wrongIn,
  type EditedNode,
  type Offer,
  type Press,
} from "@skein/palette/editor";
import { defaults, MAX_SCENE_NAME, transitionIn, type KasaLightConfig, type Offers } from "./config";

declare const RED: EditorRED;

type Light = EditedNode<KasaLightConfig>;

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

/** A config node as its select has it; a new one that is still to be made is none. */
const chosen = (setting: "bus" | "direct"): string => {
  const value = String($(`#node-input-${setting}`).val() ?? "");
  return value === "_ADD_" ? "" : value;
};

const liveOffers = (): Promise<Offers> =>
  ask<Offers>(
    `skein/kasa-light/offers?bus=${encodeURIComponent(chosen("bus"))}&direct=${encodeURIComponent(chosen("direct"))}`,
  );

/** Rooms and groups with who is in them, and after them each device with where it stands and how. */
function targetOffers(node: Light, { rooms, groups, devices }: Offers): Offer[] {
  const place = (value: string, name: string, icon: string, inside: readonly string[]): Offer => ({
    value,
    name,
    icon,
    note: { text: inside.join(", ") },
  });
  return [
    ...rooms.map(({ id, name, devices: inside }) => place(roomChoice(id), name, "fa-home", inside)),
    ...groups.map(({ id, name, devices: inside }) => place(groupChoice(id), name, "fa-object-group", inside)),
    ...devices.map(({ id, name, virtual, room, note }) => ({
      value: id,
      name,
      virtual,
      icon: "fa-lightbulb-o",
      note: { text: [room, node._(`kasa-light.status.${note}`)].filter(Boolean).join(", ") },
    })),
  ];
}

function offer(node: Light): void {
  const offers = liveOffers();
  liveList(
    $("#skein-kasa-targets"),
    $("#skein-kasa-target-list"),
    offers.then((all) => targetOffers(node, all)),
    node._("kasa-light.label.noTargets"),
  );
  suggest(
    $("#skein-kasa-scenes"),
    offers.then(({ scenes }) => scenes.map(({ name }) => ({ value: name, name }))),
  );
}

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
      const named = this.does === "set" ? listOf(this.targets).join(", ") : this.scene;
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
        $("#skein-kasa-scene-row").toggle($("#node-input-does").val() !== "set");
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
    },
  });
