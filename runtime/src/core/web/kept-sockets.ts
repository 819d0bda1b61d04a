/** WebSockets that were handed on to the flow host, so that whoever may no longer have one loses it at once, and not when they leave. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Asked, Gate } from "./gate";

export interface KeptSockets {
  /** Before anything of the request is changed for the flow host. */
  keep(req: IncomingMessage, asked: Asked, socket: Duplex): void;
  /** Ends those whose request the gate would refuse by now: a session is over, an account another's, a hook closed. */
  check(): void;
}

export function keptSockets(gate: Gate): KeptSockets {
  const kept = new Map<Duplex, () => boolean>();
  return {
    keep(req, asked, socket) {
      const before = asItWas(req);
      kept.set(socket, () => gate(before, asked) === undefined);
      socket.once("close", () => kept.delete(socket));
    },
    check() {
      for (const [socket, mayStay] of kept) if (!mayStay()) socket.destroy();
    },
  };
}

/** The request with its own copy of what is changed later. */
function asItWas(req: IncomingMessage): IncomingMessage {
  const value = { ...req.headers };
  return Object.create(req, { headers: { value }, url: { value: req.url, writable: true } }) as IncomingMessage;
}
