/** The dialogs of skein-kasa-light and skein-kasa-direct. */
import { registerDirect } from "./editor-direct";
import { registerLight } from "./editor-light";

registerDirect();
registerLight();
