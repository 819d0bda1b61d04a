import type { MassLossView, VerdictCause, VerdictData, VerdictState } from "@skein/contracts";

/**
 * A verdict in words, as the page says it: "dead, connection died, last beat 1.4 s ago". Pure: the moment is the caller's,
 * and it is the leader's, since every time in a verdict is.
 */

/** The state's own name is the one on the bus and in flows, so that a reader meets it again there. */
export const stateWords: Record<VerdictState, string> = {
  joining: "joining",
  alive: "alive",
  suspect: "suspect",
  dead: "dead",
  left: "left",
  maintenance: "in maintenance",
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

const EVENTS: ReadonlySet<VerdictCause> = new Set(["first-seen", "reboot", "agent-restart"]);

/** Why, in words; empty when there is nothing to add to the state. */
export function causeWords(state: VerdictState, cause: VerdictCause, clockOffsetMs?: number): string {
  const words = particular[state]?.[cause] ?? causes[cause];
  if (cause !== "clock-skew" || clockOffsetMs === undefined) return words;
  return `its clock is ${span(Math.abs(clockOffsetMs))} ${clockOffsetMs > 0 ? "ahead" : "behind"}`;
}

/** State and cause without times: what a screen reader is told at a change. */
export function headline(verdict: Pick<VerdictData, "state" | "cause" | "clockOffsetMs">): string {
  return join(stateWords[verdict.state], causeWords(verdict.state, verdict.cause, verdict.clockOffsetMs));
}

/** The whole sentence. `lastSeenAt` may be newer than the verdict's own: beats go on while it stands. */
export function verdictWords(verdict: VerdictData, nowMs: number, lastSeenAt = verdict.lastSeenAt): string {
  const seen = lastSeenAt === undefined ? "no beat yet" : `last beat ${span(nowMs - lastSeenAt)} ago`;
  const since = `${span(nowMs - verdict.since)} ago`;
  if (verdict.state === "left") return join(headline(verdict), since);
  // A new connection does not begin a new life: `since` is older than it.
  if (verdict.state === "alive" && verdict.cause === "reconnect")
    return join(`alive for ${span(nowMs - verdict.since)}`, causeWords("alive", "reconnect"), seen);
  // What happened once needs its time, or it reads hours later as if it had just happened.
  const happened = verdict.state === "alive" && EVENTS.has(verdict.cause);
  return join(happened ? `${headline(verdict)} ${since}` : headline(verdict), seen);
}

/** What comes next and when, for one that is in doubt or in maintenance; undefined when nothing is due. */
export function countdownWords(verdict: VerdictData, nowMs: number): string | undefined {
  if (verdict.until === undefined) return undefined;
  const left = verdict.until - nowMs;
  if (verdict.state === "maintenance") return left > 0 ? `over in ${span(left)}` : "about to be over";
  if (verdict.state === "suspect") return left > 0 ? `dead in ${span(left)} unless heard` : "being decided";
  return undefined;
}

/** How long nothing was heard of it, for ten minutes after it came back. */
export function returnWords(verdict: VerdictData, nowMs: number): string | undefined {
  const { state, previous, since } = verdict;
  if (state !== "alive" || !previous || nowMs - since > 600_000) return undefined;
  if (previous.state !== "dead" && previous.state !== "left") return undefined;
  return `back after ${span(since - (previous.lastSeenAt ?? previous.since))}`;
}

/**
 * Many followers that go at the same moment share a reason: a fuse, a switch, an access point. One line says so, that nobody
 * looks for it on four boards one after another.
 */
export function massLossWords({ since, lost, of, back, virtual }: MassLossView, nowMs: number): string {
  const whom = `${lost} of ${of} followers${virtual ? " (VIRTUAL)" : ""}`;
  const returned = back === 0 ? "" : `, ${back} of them ${back === 1 ? "is" : "are"} back`;
  return `${whom} were lost together ${span(nowMs - since)} ago${returned}: look at power or network`;
}

/** A duration as people say it: "1.4 s", "14 s", "3 min", "5 h", "2 days". Never negative: clocks differ by some ms. */
export function span(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  if (seconds < 3_570) return `${Math.round(seconds / 60)} min`;
  if (seconds < 47.5 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

const join = (...parts: string[]): string => parts.filter(Boolean).join(", ");
