/** The dialog of skein-kasa-direct: the maker's account, and addresses that no broadcast reaches. */
import { defaultsOf, registerNode } from "@skein/palette/editor";
import { directCredentials, directDefaults, type KasaDirectConfig } from "./config";

export const registerDirect = (): void =>
  registerNode<KasaDirectConfig>("skein-kasa-direct", {
    category: "config",
    defaults: defaultsOf(directDefaults),
    credentials: directCredentials,
    paletteLabel() {
      return this._("direct.label.palette");
    },
    label() {
      return this.name || this._("direct.label.palette");
    },
  });
