/** Listens, and says in one line what is wrong when that is not possible. */
import type { Server } from "node:net";
import { SkeinError, hasCode, messageOf } from "@skein/kit";

/** @throws SkeinError PORT_IN_USE, BUS_ADDRESS_INVALID */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, port, host)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: Error, port: number, host: string): SkeinError {
  if (hasCode(error, "EADDRINUSE")) {
    return new SkeinError("PORT_IN_USE", `port ${port} on ${host} is in use.`, {
      hint: "Stop what holds it or choose another one (--broker-port).",
      cause: error,
    });
  }
  return new SkeinError("BUS_ADDRESS_INVALID", `the broker cannot listen on ${host}:${port}: ${messageOf(error)}.`, {
    cause: error,
  });
}
