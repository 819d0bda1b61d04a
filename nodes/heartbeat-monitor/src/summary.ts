/** The line under the node: how many live, in the colour of the worst. Grey says that nobody knows, and never means dead. */
import { hasCode } from "@skein/kit";
import type { FleetMember, Tone } from "@skein/palette";

const WITHOUT_BUS: Readonly<Record<string, string>> = { BUS_NOT_CONFIGURED: "noBusNode", BUS_NO_LEADER: "noHouse" };

/** What the line says of a node that gets no bus; the whole story goes to the Catch nodes. */
export const whyWithoutBus = (error: unknown): string =>
  (hasCode(error) ? WITHOUT_BUS[error.code] : undefined) ?? "failed";

export interface Summary {
  readonly tone: Tone;
  readonly pending: boolean;
  readonly key: "count" | "none" | "noLeader" | "noBus";
  readonly alive: number;
  readonly total: number;
}

export function summarise(members: readonly FleetMember[], now: { judged: boolean; linkUp: boolean }): Summary {
  const count = (...states: string[]) => members.filter(({ verdict }) => states.includes(verdict.state)).length;
  const base = { alive: count("alive"), total: members.length };
  if (!now.linkUp) return { ...base, tone: "unknown", pending: true, key: "noBus" };
  if (!now.judged) return { ...base, tone: "unknown", pending: true, key: "noLeader" };
  if (members.length === 0) return { ...base, tone: "unknown", pending: false, key: "none" };
  const tone: Tone =
    count("dead") > 0
      ? "bad"
      : count("suspect", "left", "maintenance", "joining") > 0
        ? "doubt"
        : count("unknown") > 0
          ? "unknown"
          : "good";
  return { ...base, tone, pending: false, key: "count" };
}
