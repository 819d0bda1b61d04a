/** The dialog of skein-bus: nothing to set for the leader's bus, everything of a connection for another. */
import type { LinkState } from "@skein/bus";
import { ask, defaultsOf, mayBeIdentity, notify, registerNode } from "@skein/palette/editor";
import { busCredentials, busDefaults, type BusTrial, type SkeinBusConfig } from "./config";

/** `${VAR}` may stand for any of it. */
const ADDRESS = /^(\$\{\w+\}|(mqtts?|wss?|rediss?):\/\/\S+|memory:\S+)/;

/** As the dialog has it now, deployed or not. */
function shown(id: string): BusTrial {
  const text = (setting: string) => String($(`#node-config-input-${setting}`).val() ?? "");
  const credentials = Object.fromEntries(Object.keys(busCredentials).map((key) => [key, text(key)]));
  const mode = text("mode") === "broker" ? "broker" : "leader";
  const verify = $("#node-config-input-verify").prop("checked") === true;
  return { ...busDefaults, id, mode, url: text("url"), identity: text("identity"), verify, credentials };
}

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
        validate: (value: string | undefined) => mayBeIdentity(value?.trim() ?? ""),
      },
    }),
    credentials: busCredentials,
    paletteLabel() {
      return this._("bus.label.palette");
    },
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
      const button = $("#skein-bus-test");
      button.on("click", (event) => {
        event.preventDefault();
        button.prop("disabled", true);
        ask<LinkState>("skein/bus/test", "POST", shown(this.id))
          .then(
            (link) =>
              link.up
                ? notify(this._("bus.notify.connected"), "success")
                : notify(`${link.code}: ${link.why}`, "error"),
            (error: Error) => notify(error.message, "error"),
          )
          .finally(() => button.prop("disabled", false));
      });
    },
  });
}
