/** The dialog of skein-bus: nothing to set for the leader's bus, everything of a connection for another. */
import { defaultsOf, registerNode } from "@skein/palette/editor";
import { busCredentials, busDefaults, isIdentity, type SkeinBusConfig } from "./config";

/** `${VAR}` may stand for any of it. */
const ADDRESS = /^(\$\{\w+\}|(mqtts?|wss?|rediss?):\/\/\S+|memory:\S+)/;

export function registerBus(): void {
  registerNode<SkeinBusConfig>("skein-bus", {
    category: "config",
    defaults: defaultsOf(busDefaults, {
      url: {
        validate(value: string | undefined) {
          const shown = $("#node-config-input-mode").val();
          return (typeof shown === "string" ? shown : this.mode) !== "broker" || ADDRESS.test(value?.trim() ?? "");
        },
      },
      identity: {
        validate: (value: string | undefined) => !value || value.includes("${") || isIdentity(value),
      },
    }),
    credentials: busCredentials,
    paletteLabel: "skein bus",
    label() {
      return this.name || (this.mode === "broker" ? this.url : "") || this._("bus.label.house");
    },
    oneditprepare() {
      // A flow written by hand may lack it; unsafe is what somebody chose.
      if ((this.verify as boolean | undefined) === undefined) $("#node-config-input-verify").prop("checked", true);
      const mode = $("#node-config-input-mode");
      const show = () => $("#skein-bus-broker").toggle(mode.val() === "broker");
      mode.on("change", show);
      show();
    },
  });
}
