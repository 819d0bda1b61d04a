import type { Outcome } from "@skein/contracts";

/** Where a receiver writes down a command before it is carried out, so that a redelivery is answered and not done twice. */
export interface CommandJournal {
  /** `undefined`: never seen. `"begun"`: it was begun and no outcome is known (we died meanwhile). */
  look(id: string): Outcome | "begun" | undefined;
  /** Must be durable when it returns. */
  begin(id: string): void;
  finish(id: string, outcome: Outcome): void;
}

/** Keeps the last `max` commands for as long as the process lives. */
export function createMemoryJournal(max = 1000): CommandJournal {
  const entries = new Map<string, Outcome | "begun">();
  return {
    look: (id) => entries.get(id),
    begin(id) {
      entries.set(id, "begun");
      if (entries.size > max) entries.delete(entries.keys().next().value as string);
    },
    finish: (id, outcome) => void entries.set(id, outcome),
  };
}
