import type { MassLossView, VerdictCause, VerdictData, VerdictState } from "@skein/contracts";
import { defineWords } from "./i18n/define-words";
import { fixed } from "./i18n/format";
import { de } from "./words.de";
import { en } from "./words.en";

/**
 * A verdict in words, as the page says it: "dead, connection died, last beat 1.4 s ago". Pure but for the page's language: the
 * moment is the caller's, and it is the leader's, since every time in a verdict is.
 */
export const verdictList = defineWords({ en, de });

const EVENTS: ReadonlySet<VerdictCause> = new Set(["first-seen", "reboot", "agent-restart"]);

/** Why, in words; empty when there is nothing to add to the state. */
export function causeWords(state: VerdictState, cause: VerdictCause, clockOffsetMs?: number): string {
  const list = verdictList();
  const words = list.particular[state]?.[cause] ?? list.causes[cause];
  if (cause !== "clock-skew" || clockOffsetMs === undefined) return words;
  return list.clockOff(span(Math.abs(clockOffsetMs), true), clockOffsetMs > 0);
}

/** State and cause without times: what a screen reader is told at a change. */
export function headline(verdict: Pick<VerdictData, "state" | "cause" | "clockOffsetMs">): string {
  return join(verdictList().states[verdict.state], causeWords(verdict.state, verdict.cause, verdict.clockOffsetMs));
}

/** The whole sentence. `lastSeenAt` may be newer than the verdict's own: beats go on while it stands. */
export function verdictWords(verdict: VerdictData, nowMs: number, lastSeenAt = verdict.lastSeenAt): string {
  const list = verdictList();
  const seen = lastSeenAt === undefined ? list.noBeat : list.lastBeat(span(nowMs - lastSeenAt));
  const since = span(nowMs - verdict.since);
  if (verdict.state === "left") return join(headline(verdict), list.ago(since));
  // A new connection does not begin a new life: `since` is older than it.
  if (verdict.state === "alive" && verdict.cause === "reconnect")
    return join(list.aliveFor(since), causeWords("alive", "reconnect"), seen);
  // What happened once needs its time, or it reads hours later as if it had just happened.
  const happened = verdict.state === "alive" && EVENTS.has(verdict.cause);
  return join(happened ? list.happened(headline(verdict), since) : headline(verdict), seen);
}

/** What comes next and when, for one that is in doubt or in maintenance; undefined when nothing is due. */
export function countdownWords(verdict: VerdictData, nowMs: number): string | undefined {
  if (verdict.until === undefined) return undefined;
  const list = verdictList();
  const left = verdict.until - nowMs;
  if (verdict.state === "maintenance") return left > 0 ? list.overIn(span(left)) : list.aboutToBeOver;
  if (verdict.state === "suspect") return left > 0 ? list.deadIn(span(left)) : list.beingDecided;
  return undefined;
}

/** How long nothing was heard of it, for ten minutes after it came back. */
export function returnWords(verdict: VerdictData, nowMs: number): string | undefined {
  const { state, previous, since } = verdict;
  if (state !== "alive" || !previous || nowMs - since > 600_000) return undefined;
  if (previous.state !== "dead" && previous.state !== "left") return undefined;
  return verdictList().backAfter(span(since - (previous.lastSeenAt ?? previous.since)));
}

/**
 * Many followers that go at the same moment share a reason: a fuse, a switch, an access point. One line says so, that nobody
 * looks for it on four boards one after another.
 */
export function massLossWords({ since, lost, of, back, virtual }: MassLossView, nowMs: number): string {
  return verdictList().massLoss(lost, of, virtual, span(nowMs - since), back);
}

/**
 * A duration as people say it: "1.4 s", "14 s", "3 min", "5 h", "2 days". Never negative: clocks differ by some ms.
 * `asObject`: without a "for", "in" or "after" before it, which some languages hear in the word.
 */
export function span(ms: number, asObject = false): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${fixed(seconds, 1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  if (seconds < 3_570) return `${Math.round(seconds / 60)} min`;
  if (seconds < 47.5 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return verdictList().days(Math.round(seconds / 86_400), asObject);
}

const join = (...parts: string[]): string => parts.filter(Boolean).join(", ");
