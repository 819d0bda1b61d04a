/** The line under the node: how many live, in the colour of the worst. Grey says that nobody knows, and never means dead. */
import type { FleetMember, Tone } from "@skein/palette";

export interface Summary {
  readonly tone: Tone;
  readonly pending: boolean;
  readonly key: "count" | "none" | "noLeader" | "noBus" | "noRoom";
  readonly alive: number;
  readonly total: number;
}

export function summarise(
  members: readonly FleetMember[],
  now: { judged: boolean; linkUp: boolean; lacksRoom: boolean },
): Summary {
  const count = (...states: string[]) => members.filter(({ verdict }) => states.includes(verdict.state)).length;
  const base = { alive: count("alive"), total: members.length };
  if (!now.linkUp) return { ...base, tone: "unknown", pending: true, key: "noBus" };
  if (!now.judged) return { ...base, tone: "unknown", pending: true, key: "noLeader" };
  // A room that is not there hides no death in another.
  if (count("dead") > 0) return { ...base, tone: "bad", pending: false, key: "count" };
  if (now.lacksRoom) return { ...base, tone: "doubt", pending: true, key: "noRoom" };
  if (members.length === 0) return { ...base, tone: "unknown", pending: false, key: "none" };
  const tone: Tone =
    count("suspect", "left", "maintenance", "joining") > 0 ? "doubt" : count("unknown") > 0 ? "unknown" : "good";
  return { ...base, tone, pending: false, key: "count" };
}
