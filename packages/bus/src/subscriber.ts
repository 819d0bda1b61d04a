/** Who listens to what, and when the broker is asked for it: at a filter's first listener, and again where kept state must be replayed. */
import type { AnyMessage } from "@skein/contracts";
import { hasCode, SkeinError } from "@skein/kit";
import type { Unsubscribe } from "./bus";
import type { Inbox } from "./inbox";
import type { Listeners } from "./listeners";
import type { Transport } from "./transport";

interface SubscriberParts {
  readonly listeners: Listeners;
  readonly inbox: Inbox;
  readonly transport: Transport;
  closed(): boolean;
}

export class Subscriber {
  /** Filters that the broker refused at this connection. */
  readonly refused = new Set<string>();

  constructor(private readonly parts: SubscriberParts) {}

  /** @throws SkeinError BUS_CLOSED, BUS_REFUSED */
  async listen<L>(
    filter: string,
    message: AnyMessage | undefined,
    set: (group: ReturnType<Listeners["join"]>["group"]) => Set<L>,
    listener: L,
  ): Promise<Unsubscribe> {
    if (this.parts.closed()) throw new SkeinError("BUS_CLOSED", "the bus is closed.");
    const { group, first } = this.parts.listeners.join(filter, message);
    set(group).add(listener);
    let left = false;
    const leave = async () => {
      if (left) return;
      left = true;
      set(group).delete(listener);
      if (this.parts.listeners.leave(group) && !this.parts.closed()) await this.parts.transport.unsubscribe(filter);
    };
    this.parts.inbox.deliverEarly();
    // Asking again makes the broker replay kept state, which a second listener needs as the first did.
    if (!first && message && message.kind !== "state" && !this.refused.has(filter)) return leave;
    try {
      await this.parts.transport.subscribe(filter);
    } catch (error) {
      if (!hasCode(error, "BUS_DOWN")) {
        await leave().catch(() => undefined);
        throw error;
      }
    }
    return leave;
  }
}
