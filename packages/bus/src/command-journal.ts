import type { Outcome } from "@skein/contracts";

/** Where a receiver writes down a command before it is carried out, so that a redelivery is answered and not done twice. */
export interface CommandJournal {
  /** `undefined`: never seen. `"begun"`: it was begun and no outcome is known (we died meanwhile). */
  look(id: string): Outcome | "begun" | undefined;
  /** Must be durable when it returns. */
  begin(id: string): void;
  finish(id: string, outcome: Outcome): void;
}
