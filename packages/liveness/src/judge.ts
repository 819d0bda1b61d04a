import type { Limits } from "./limits";
import type { Draft, Memory } from "./memory";
import type { Effect, Moment } from "./observation";
import { suspectAfterBeats } from "./rhythm";
import { settleIdentity } from "./signs";
import { become, takeUpAgain } from "./transition";

/** Pings come closely at first, because a stall may begin at any moment, then more widely; in beats. */
const FIRST_PINGS = 4;
const CLOSE_PING_BEATS = 0.1;
const WIDE_PING_BEATS = 0.2;
/** Never closer than this, ms. */
const MIN_PING_MS = 50;

/** What time alone decides. */
export function judge(m: Draft, now: Moment, limits: Limits): Effect[] {
  if (m.maintenanceUntil !== undefined && now.mono >= m.maintenanceUntil) endMaintenance(m, now, limits);
  if (!isJudged(m)) return [];
  if (m.identityBy !== undefined && now.mono >= m.identityBy) settleIdentity(m, now, limits);
  // Those behind a bridge in doubt wait for its verdict: when it died, they were cut off with it.
  if (m.bridge === "doubtful") return [];
  if (m.willAt !== undefined) judgeWill(m, m.willAt, now, limits);
  if (m.verdict.state === "dead") return [];
  return judgeSilence(m, now, limits);
}

/** When time alone may decide something next; `undefined`: never. */
export function nextCheckAt(m: Memory, limits: Limits): number | undefined {
  if (m.maintenanceUntil !== undefined) return m.maintenanceUntil;
  if (!isJudged(m)) return undefined;
  const times: number[] = [];
  if (m.identityBy !== undefined) times.push(m.identityBy);
  if (m.bridge === "doubtful") return times[0];
  if (m.willAt !== undefined) times.push(m.willAt + (isSuspectByWill(m) ? limits.willGraceMs : limits.willHoldMs));
  if (m.verdict.state !== "dead") {
    times.push(deadAt(m, limits), nextPingAt(m, limits));
    if (canBeSuspected(m)) times.push(suspectAt(m, limits));
  }
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Silence is counted anew from here. */
export function restartSilence(m: Draft, from: number): void {
  m.base = from;
  m.lastBeat = undefined;
  m.pings = 0;
}

export function endMaintenance(m: Draft, now: Moment, limits: Limits): void {
  m.maintenanceUntil = undefined;
  if (m.verdict.state !== "maintenance") return;
  if (!m.linkUp) return become(m, "unknown", "bus-down", now);
  if (m.goneSession !== undefined && m.goneSession === m.session) return become(m, "left", "clean-stop", now);
  if (m.heard && now.mono < suspectAt(m, limits)) return become(m, "alive", "beat", now);
  // Nobody watched: it has a whole silence's time to be heard.
  restartSilence(m, now.mono);
  become(m, "unknown", "request", now);
}

/** Its bridge drops the connection of a board that does not answer: there a will tells that the cable is lost. */
function judgeWill(m: Draft, willAt: number, now: Moment, limits: Limits): void {
  const cause = m.via === undefined ? "will" : "link-lost";
  const deadAt = willAt + limits.willGraceMs;
  if (now.mono >= deadAt && isSuspectByWill(m)) become(m, "dead", cause, now);
  else if (now.mono >= willAt + limits.willHoldMs && !isSuspectByWill(m))
    become(m, "suspect", cause, now, wallOf(deadAt, now));
}

function judgeSilence(m: Draft, now: Moment, limits: Limits): Effect[] {
  const cause = m.via === undefined ? "silence" : "link-lost";
  if (now.mono >= deadAt(m, limits)) {
    if (wasGone(m)) return (takeUpAgain(m, now), []);
    // Never heard by us, only a kept message of it: it does not die before our eyes, it was gone.
    if (isSuspect(m) || m.known === undefined) return (become(m, "dead", cause, now), []);
    // Nobody dies without having been suspected and asked: the edge did not look for too long.
    m.base = now.mono - suspectAfterBeats(m.rhythm, limits) * m.beatMs;
  }
  if (now.mono >= suspectAt(m, limits) && canBeSuspected(m)) {
    become(m, "suspect", cause, now, wallOf(deadAt(m, limits), now));
  }
  if (now.mono < nextPingAt(m, limits)) return [];
  m.pings += 1;
  m.lastPing = now.mono;
  return [{ kind: "ping" }];
}

const isJudged = (m: Memory): boolean =>
  m.linkUp &&
  m.maintenanceUntil === undefined &&
  m.bridge !== "down" &&
  m.verdict.state !== "left" &&
  (m.verdict.state !== "dead" || m.identityBy !== undefined);

const isSuspect = (m: Memory): boolean => m.verdict.state === "suspect";
export const isSuspectByWill = (m: Memory): boolean =>
  isSuspect(m) && m.willAt !== undefined && m.verdict.cause === (m.via === undefined ? "will" : "link-lost");
/** `unknown` now, and gone before that: silence only confirms it. */
const wasGone = (m: Memory): boolean =>
  m.verdict.state === "unknown" && (m.known?.state === "dead" || m.known?.state === "left");
const canBeSuspected = (m: Memory): boolean => !isSuspect(m) && !wasGone(m) && m.known !== undefined;

const suspectAt = (m: Memory, limits: Limits): number => m.base + suspectAfterBeats(m.rhythm, limits) * m.beatMs;
const deadAt = (m: Memory, limits: Limits): number => m.base + limits.deadBeats * m.beatMs;
const wallOf = (mono: number, now: Moment): number => Math.round(now.wall + mono - now.mono);

function nextPingAt(m: Memory, limits: Limits): number {
  const first = m.base + limits.pingBeats * m.beatMs;
  if (m.pings === 0) return first;
  return m.lastPing + Math.max(MIN_PING_MS, (m.pings < FIRST_PINGS ? CLOSE_PING_BEATS : WIDE_PING_BEATS) * m.beatMs);
}
