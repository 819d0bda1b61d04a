/** The line to a board, however its owner named it. */
import { SkeinError } from "@skein/kit";
import { serialPorts, serialWire, tcpWire, type OpenWire } from "@skein/stm32-link";
import type { BoardSettings } from "./settings";

/** A port that is known by its adapter is looked for at each opening: it may be another one after the cable was pulled. */
export function lineOf({ port, usb, tcp, baud }: BoardSettings): OpenWire {
  if (tcp !== undefined) {
    const colon = tcp.lastIndexOf(":");
    return tcpWire(tcp.slice(0, colon), Number(tcp.slice(colon + 1)));
  }
  if (port !== undefined) return serialWire(port, baud);
  return async () => {
    const same = (a: string | undefined, b: string | undefined) => a?.toLowerCase() === b?.toLowerCase();
    const ports = await serialPorts();
    const found = ports.find(
      (each) =>
        same(each.vendorId, usb?.vendorId) &&
        same(each.productId, usb?.productId) &&
        (usb?.serialNumber === undefined || each.serialNumber === usb.serialNumber),
    );
    if (!found)
      throw new SkeinError("HUB_LINE_UNUSABLE", `no adapter ${usb?.vendorId}:${usb?.productId} is plugged in.`, {
        hint: "`lsusb` lists what is.",
      });
    return serialWire(found.path, baud)();
  };
}
