/** A serial port as the line: a board's USB, a TTL adapter, the pty of an emulator. */
import type { SerialPort } from "serialport";
import { messageOf, SkeinError } from "@skein/kit";
import type { OpenWire } from "./wire";

/** Every board of ours; a USB serial port of the board's own (CDC) takes any. */
export const BAUD = 115_200;

/** @param path as in /dev/serial/by-id/usb-STMicroelectronics_... */
export function serialWire(path: string, baudRate = BAUD): OpenWire {
  return async () => {
    const Port = await serialPort();
    return new Promise((resolve, reject) => {
      const port: SerialPort = new Port({ path, baudRate, autoOpen: false });
      port.open((error) => {
        if (error)
          return reject(
            new SkeinError("HUB_LINE_UNUSABLE", `${path} cannot be opened: ${error.message}.`, {
              hint: /denied|EACCES/i.test(error.message)
                ? "Put the agent's user into the group dialout."
                : "Is the board plugged in, and does no other program hold its port?",
              cause: error,
            }),
          );
        let closing = false;
        let failed: Error | undefined;
        port.on("error", (reason) => {
          failed = reason;
          if (port.isOpen) port.close();
        });
        resolve({
          write: (bytes) => void port.write(bytes),
          // Without a listener for data no close is told either (serialport 13 on a pty).
          onData: (listener) => void port.on("data", listener),
          onClosed: (listener) =>
            void port.once("close", (reason: Error | null) =>
              listener(
                closing
                  ? undefined
                  : new SkeinError(
                      "HUB_LINE_CLOSED",
                      `${path} was closed: ${messageOf(failed ?? reason ?? "it is gone")}.`,
                    ),
              ),
            ),
          close: () => {
            closing = true;
            return new Promise((done) => (port.isOpen ? port.close(() => done()) : done()));
          },
        });
      });
    });
  };
}

/** A serial port that is there now. */
export interface PortFound {
  /** Does not change when another one is plugged in, where the system has such a name. */
  readonly path: string;
  /** Maker and number, for people. */
  readonly name: string;
  /** Four hexadecimal digits each, as `lsusb` has them. */
  readonly vendorId: string | undefined;
  readonly productId: string | undefined;
  readonly serialNumber: string | undefined;
}

/** @throws SkeinError HUB_LINE_UNUSABLE where this host has no library for serial ports */
export async function serialPorts(): Promise<readonly PortFound[]> {
  const found = await (await serialPort()).list();
  return (
    found
      // A host may name ports that nothing hangs on.
      .filter(({ productId }) => productId !== undefined)
      .map(({ path, pnpId, manufacturer, serialNumber, vendorId, productId }) => ({
        path: process.platform === "linux" && pnpId ? `/dev/serial/by-id/${pnpId}` : path,
        name: [manufacturer, serialNumber].filter(Boolean).join(" ") || path,
        vendorId,
        productId,
        serialNumber,
      }))
  );
}

/** Its native part is not there for every host: then only a serial line cannot be had, and whoever speaks over TCP works. */
async function serialPort(): Promise<typeof SerialPort> {
  try {
    return (await import("serialport")).SerialPort;
  } catch (error) {
    throw new SkeinError("HUB_LINE_UNUSABLE", `this host has no library for serial ports: ${messageOf(error)}.`, {
      hint: "Install the npm package serialport beside this program, or reach the board over TCP.",
      cause: error,
    });
  }
}
