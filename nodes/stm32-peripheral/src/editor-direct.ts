/** The dialog of skein-stm32-direct: where its board hangs, from the serial ports that are there now or by hand. */
import { ask, defaultsOf, registerNode, suggest } from "@skein/palette/editor";
import { directCredentials, directDefaults, type Stm32DirectConfig } from "./config";

export const registerDirect = (): void =>
  registerNode<Stm32DirectConfig>("skein-stm32-direct", {
    category: "config",
    defaults: defaultsOf(directDefaults),
    credentials: directCredentials,
    paletteLabel() {
      return this._("direct.label.palette");
    },
    label() {
      return this.name || this._("direct.label.palette");
    },
    oneditprepare() {
      const ports = ask<{ path: string; name: string }[]>("skein/stm32-direct/ports");
      suggest(
        $("#skein-stm32-ports"),
        ports.then((all) => all.map(({ path, name }) => ({ value: path, name }))),
      );
    },
  });
