/** A verdict as an event tells it in English: what the API, the CSV and a notice show, where no page says it in words of its own. Pure. */
import type { VerdictCause, VerdictData, VerdictState } from "@skein/contracts";

const STATES: Record<VerdictState, string> = {
  joining: "is joining",
  alive: "is alive",
  suspect: "is in doubt",
  dead: "is dead",
  left: "has left",
  maintenance: "is in maintenance",
  unknown: "is not known",
};
/** What says something of one that lives, too. */
const NEWS: Partial<Record<VerdictCause, string>> = {
  reboot: "it rebooted",
  "agent-restart": "its agent was started anew",
  reconnect: "it has a new connection",
  "clock-skew": "its clock is off",
  "first-seen": "it is seen for the first time",
};
/** Of one that is back they were the reason why it was away. */
const AWAY: Partial<Record<VerdictCause, string>> = {
  will: "its connection died",
  silence: "it gives no sign of life",
  "clean-stop": "it said goodbye",
  "gateway-lost": "its gateway is lost",
  "link-lost": "the cable to it does not answer",
  "bus-down": "the broker is away",
  "observer-late": "the leader itself was stalled",
  request: "somebody asked for it",
};

export function verdictSentence(name: string, { state, cause }: Pick<VerdictData, "state" | "cause">): string {
  const why = NEWS[cause] ?? (state === "alive" ? undefined : AWAY[cause]);
  return `${name} ${STATES[state]}${why === undefined ? "" : `: ${why}`}.`;
}
