/** Who listens to what: the broker is asked at every listener, and told when a filter's last one has left. */
import type { AnyMessage } from "@skein/contracts";
import { hasCode, SkeinError } from "@skein/kit";
import type { Unsubscribe } from "./bus";
import type { Inbox } from "./inbox";
import type { Group, Listeners } from "./listeners";
import type { Transport } from "./transport";

interface SubscriberParts {
  readonly listeners: Listeners;
  readonly inbox: Inbox;
  readonly transport: Transport;
  closed(): boolean;
}

export class Subscriber {
  constructor(private readonly parts: SubscriberParts) {}

  /** @throws SkeinError BUS_CLOSED, BUS_REFUSED */
  async listen<L>(
    filter: string,
    message: AnyMessage | undefined,
    set: (group: Group) => Set<L>,
    listener: L,
  ): Promise<Unsubscribe> {
    if (this.parts.closed()) throw new SkeinError("BUS_CLOSED", "the bus is closed.");
    const group = this.parts.listeners.join(filter, message);
    set(group).add(listener);
    let left = false;
    const leave = async () => {
      if (left) return;
      left = true;
      set(group).delete(listener);
      if (this.parts.listeners.leave(group) && !this.parts.closed()) await this.parts.transport.unsubscribe(filter);
    };
    this.parts.inbox.deliverEarly();
    // Also for a second listener: it needs the kept state, and the broker's answer, as the first did.
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
