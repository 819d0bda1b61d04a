/** The dialog of skein-routine. */
import {
  ask,
  CATEGORY,
  COLOURS,
  defaultsOf,
  dialogButton,
  isIdText,
  nodeButton,
  registerNode,
  VARIABLE,
  type Press,
} from "@skein/palette/editor";
import { defaults, routineIdOf, type RoutineConfig } from "./config";

const start: Press<RoutineConfig> = async (node) => {
  await ask(`skein/routine/${node.id}/start`, "POST");
  return node._("routine.notify.started");
};

registerNode<RoutineConfig>("skein-routine", {
  category: CATEGORY,
  color: COLOURS.people,
  icon: "routine.svg",
  defaults: defaultsOf(defaults, {
    bus: { type: "skein-bus" },
    routine: {
      validate(saved, _options) {
        const id = (saved ?? "").trim();
        return id === "" || VARIABLE.test(id) || isIdText(id) || this._("routine.invalid.id");
      },
    },
  }),
  inputs: 0,
  outputs: 1,
  paletteLabel() {
    return this._("routine.label.palette");
  },
  outputLabels() {
    return this._("routine.label.output");
  },
  label() {
    return this.name || this.routine || this._("routine.label.palette");
  },
  button: nodeButton(start),
  oneditprepare() {
    const [name, id] = [$("#node-input-name"), $("#node-input-routine")];
    const show = () => {
      const given = { routine: "", name: String(name.val() ?? "") };
      id.attr("placeholder", routineIdOf(given, this.id));
      const shown = String(id.val() ?? "").trim() || routineIdOf(given, this.id);
      $("#skein-routine-address").text(`POST /api/v1/routines/${shown}`);
    };
    name.add(id).on("input change", show);
    show();
    dialogButton("#skein-routine-start", this, start);
  },
});
