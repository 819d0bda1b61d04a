/** The dialogs of skein-stm32-peripheral and skein-stm32-direct. */
import { registerDirect } from "./editor-direct";
import { registerPeripheral } from "./editor-peripheral";

registerDirect();
registerPeripheral();
