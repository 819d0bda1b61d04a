/**
 * Which transitions an owner wants to hear of. A doubt that nobody asked for is nothing: who chose "dead" and "alive" hears
 * of a death and of a return, and not "alive" after every late beat.
 */
import type { VerdictData, VerdictState } from "@skein/contracts";
import type { FleetMember } from "@skein/palette";

type Before = Pick<VerdictData, "state" | "cause" | "since">;

export interface Choice {
  /** What to tell, and what was before; undefined for nothing. */
  weigh(member: FleetMember, before: VerdictData | undefined): { before: Before | undefined } | undefined;
}

export function createChoice(states: readonly VerdictState[]): Choice {
  const chosen = new Set(states);
  /** Per follower in an unasked doubt: what it was before that. */
  const doubted = new Map<string, VerdictData | undefined>();
  return {
    weigh({ id, verdict }, before) {
      if (chosen.has("suspect")) return chosen.has(verdict.state) ? { before } : undefined;
      if (verdict.state === "suspect") return void doubted.set(id, before);
      const earlier = doubted.has(id) ? doubted.get(id) : beforeDoubt(before);
      doubted.delete(id);
      // Only who is there is doubted, so a doubt of which nothing earlier is known ends well in "alive".
      const was = earlier?.state === "suspect" ? "alive" : earlier?.state;
      if (was === verdict.state || !chosen.has(verdict.state)) return undefined;
      return { before: earlier };
    },
  };
}

/** The doubt began before this node did: then the leader's own memory of what was before counts, if it has one. */
function beforeDoubt(before: VerdictData | undefined): Before | undefined {
  if (before?.state !== "suspect") return before;
  const { previous } = before;
  return previous && previous.state !== "unknown" ? previous : before;
}
