import type { VerdictCause, VerdictState } from "@skein/contracts";

/** The verdicts in English. The state's own name is the one on the bus and in flows, so that a reader meets it again there. */
const names: Record<VerdictState, string> = {
  joining: "joining",
  alive: "alive",
  suspect: "suspect",
  dead: "dead",
  left: "left",
  maintenance: "maintenance",
  unknown: "unknown",
};
const causes: Record<VerdictCause, string> = {
  will: "connection died",
  silence: "no sign of life",
  "clean-stop": "said goodbye",
  reboot: "rebooted",
  "agent-restart": "agent restarted",
  reconnect: "reconnected",
  "gateway-lost": "its gateway is lost",
  "link-lost": "the cable to it does not answer",
  "bus-down": "the broker is away",
  "observer-late": "the leader itself was stalled",
  "clock-skew": "its clock is off",
  "first-seen": "seen for the first time",
  beat: "heard a beat",
  request: "on request",
};
/** Where the plain words would mislead in a state. */
const particular: Partial<Record<VerdictState, Partial<Record<VerdictCause, string>>>> = {
  // What an alive one does is beat: the time of the last beat says it already.
  alive: {
    beat: "",
    "first-seen": "first seen",
    request: "back from maintenance",
    reconnect: "on a new connection",
    will: "connected again",
    silence: "heard again",
    "clean-stop": "came back",
    "bus-down": "the broker is back",
    "gateway-lost": "its gateway is back",
    "link-lost": "the cable to it answers again",
    "observer-late": "heard again after the leader was stalled",
  },
  unknown: {
    "first-seen": "not heard since the leader started",
    beat: "not heard since the leader started",
    request: "back from maintenance, not heard yet",
  },
  joining: { beat: "first beats" },
};

export const en = {
  names,
  /** As a sentence begins with it. */
  states: { ...names, maintenance: "in maintenance" },
  causes,
  particular,
  clockOff: (span: string, ahead: boolean) => `its clock is ${span} ${ahead ? "ahead" : "behind"}`,
  noBeat: "no beat yet",
  lastBeat: (span: string) => `last beat ${span} ago`,
  ago: (span: string) => `${span} ago`,
  happened: (what: string, span: string) => `${what} ${span} ago`,
  aliveFor: (span: string) => `alive for ${span}`,
  overIn: (span: string) => `over in ${span}`,
  aboutToBeOver: "about to be over",
  deadIn: (span: string) => `dead in ${span} unless heard`,
  beingDecided: "being decided",
  backAfter: (span: string) => `back after ${span}`,
  massLoss: (lost: number, of: number, virtual: boolean, span: string, back: number) => {
    const returned = back === 0 ? "" : `, ${back} of them ${back === 1 ? "is" : "are"} back`;
    return `${lost} of ${of} followers${virtual ? " (VIRTUAL)" : ""} were lost together ${span} ago${returned}: look at power or network`;
  },
  /** After "for", "in", "after"; or as how much a clock is off. */
  days: (count: number, _asObject: boolean) => `${count} days`,
  noFollower: "no follower yet",
  alive: (alive: number, of: number) => `${alive} of ${of} alive`,
};
