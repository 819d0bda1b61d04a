/** A serial port as the line: a board's USB, a TTL adapter, the pty of an emulator. */
import { messageOf, SkeinError } from "@skein/kit";
import type { OpenWire } from "./wire";

/** Every board of ours; a USB serial port of the board's own (CDC) takes any. */
export const BAUD = 115_200;

/** Loaded with the first port: where its native part is missing, everything else goes on (a board over TCP, another capability). */
async function library(): Promise<typeof import("serialport")> {
  try {
    return await import("serialport");
  } catch (error) {
    throw new SkeinError("HUB_LINE_UNUSABLE", `serial ports cannot be used here: ${messageOf(error)}.`, {
      hint: "Install the package serialport beside the agent: npm install serialport@13.",
      cause: error,
    });
  }
}

export interface PortInfo {
  readonly path: string;
  readonly vendorId: string | undefined;
  readonly productId: string | undefined;
  readonly serialNumber: string | undefined;
}

/** The serial ports of this machine. @throws SkeinError HUB_LINE_UNUSABLE */
export async function listPorts(): Promise<PortInfo[]> {
  const ports = await (await library()).SerialPort.list();
  return ports.map(({ path, vendorId, productId, serialNumber }) => ({ path, vendorId, productId, serialNumber }));
}

/** @param path as in /dev/serial/by-id/usb-STMicroelectronics_... */
export function serialWire(path: string, baudRate = BAUD): OpenWire {
  return async () => {
    const port = new (await library()).SerialPort({ path, baudRate, autoOpen: false });
    return new Promise((resolve, reject) => {
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
