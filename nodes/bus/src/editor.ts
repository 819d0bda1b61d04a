/** The dialogs of skein-bus, skein-in and skein-out. */
import { registerBus } from "./editor-bus";
import { registerIn } from "./editor-in";
import { registerOut } from "./editor-out";

registerBus();
registerIn();
registerOut();
