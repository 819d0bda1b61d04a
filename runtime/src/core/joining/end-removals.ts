/** Ends the removals that were begun and did not go well: the leader died over them, or nobody had the broker read its files. */
import { every, messageOf, type Clock, type Logger } from "@skein/kit";
import type { BusAccounts } from "./bus-accounts";

/** A broker that starts after the leader, or a helper that somebody mends, is found soon. */
const AGAIN_MS = 60_000;

export interface EndRemovalsParts {
  readonly accounts: Pick<BusAccounts, "leaving" | "remove">;
  /** It is off the bus now. */
  readonly onOut: (id: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** At once, and then again until none is left. Returns the end of it. */
export function endRemovals({ accounts, onOut, clock, logger }: EndRemovalsParts): () => void {
  let busy = false;
  async function end(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      for (const id of accounts.leaving()) {
        // Somebody may have ended it, or be at work on it, by now.
        if (!accounts.leaving().includes(id)) continue;
        await accounts.remove(id);
        onOut(id);
      }
    } catch (error) {
      logger.warn(`a removal is not ended yet: ${messageOf(error)}`);
    } finally {
      busy = false;
    }
  }
  void end();
  return every(clock, AGAIN_MS, () => void end());
}
