/** A TCP connection as the line: a serial server in the house's network, or a board with a network of its own. */
import { connect } from "node:net";
import { SkeinError } from "@skein/kit";
import type { OpenWire } from "./wire";

const CONNECT_MS = 5000;

export function tcpWire(host: string, port: number): OpenWire {
  return () =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true, keepAlive: true, timeout: CONNECT_MS });
      const unusable = (why: string) => {
        socket.destroy();
        reject(
          new SkeinError("HUB_LINE_UNUSABLE", `${host}:${port} cannot be reached: ${why}.`, {
            hint: "Is the serial server on, and does no other program hold the line?",
          }),
        );
      };
      const refused = (error: Error) => unusable(error.message);
      socket.once("error", refused);
      socket.once("timeout", () => unusable(`no answer for ${CONNECT_MS} ms`));
      socket.once("connect", () => {
        socket.off("error", refused);
        socket.setTimeout(0);
        let closing = false;
        let failed: Error | undefined;
        socket.on("error", (error) => (failed = error));
        resolve({
          write: (bytes) => void socket.write(bytes),
          onData: (listener) => void socket.on("data", listener),
          onClosed: (listener) =>
            void socket.once("close", () =>
              listener(
                closing
                  ? undefined
                  : new SkeinError(
                      "HUB_LINE_CLOSED",
                      `${host}:${port} ended the connection${failed ? `: ${failed.message}` : ""}.`,
                    ),
              ),
            ),
          async close() {
            closing = true;
            socket.destroy();
          },
        });
      });
    });
}
