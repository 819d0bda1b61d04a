import type { VerdictCause } from "@skein/contracts";
import { noteOffset, saySkew } from "./clock-skew";
import type { Limits } from "./limits";
import type { Draft, Memory } from "./memory";
import type { Life, Moment, Observation } from "./observation";
import { learn, steady } from "./rhythm";
import { become } from "./transition";

type Sign = Extract<Observation, { kind: "beat" | "birth" | "presence" | "message" | "pong" }>;

/** Every message is a sign of life. What comes late from a session that is over is none. */
export function signOfLife(m: Draft, sign: Sign, now: Moment, limits: Limits): void {
  const life: Life | undefined = "session" in sign ? sign : undefined;
  if (life && isOver(m, life)) return;
  if (!m.linkUp || isPerhapsOld(m, sign, now)) return;
  if (m.verdict.state === "left" && (!life || life.session === m.goneSession)) return;

  const changed = takeIdentity(m, sign, life);
  m.heard = true;
  if (m.bridge === "down") m.bridge = "up";
  m.lastSeenAt = now.wall;
  if (sign.kind === "beat") takeBeat(m, sign, now);
  else m.base = Math.max(m.base > now.mono ? now.mono : m.base, lastSlot(m, now));
  m.pings = 0;

  // Between a will and the end of its hold, what was under way on the dead connection may still come in.
  if (m.willAt !== undefined && changed === undefined && now.mono < m.willAt + limits.willHoldMs) return;
  m.willAt = undefined;

  if (changed === "run" && m.bootId !== undefined && !("bootId" in sign)) m.identityBy = now.mono + limits.identityMs;
  // A reboot, or only the agent? Its birth or its next beat will tell.
  if (m.identityBy !== undefined && !("bootId" in sign)) return;
  const restarted = changed === "run" || m.identityBy !== undefined;
  m.identityBy = undefined;
  nowAlive(
    m,
    changed === "boot" ? "reboot" : restarted ? "agent-restart" : changed && "reconnect",
    sign.kind === "beat",
    now,
    limits,
  );
}

/**
 * A session before the current one. Within a run session ids sort by time; across runs they need not (a board without a clock
 * battery begins at its old time), so there it is the one before.
 */
export const isOver = (m: Memory, { run, session }: Life): boolean =>
  session === m.priorSession || (run === m.run && m.session !== undefined && session < m.session);

/** Sent while we were away, and kept for us. Beats and answers to pings are never kept. */
function isPerhapsOld(m: Draft, sign: Sign, now: Moment): boolean {
  const queueable = sign.kind === "birth" || sign.kind === "presence" || (sign.kind === "message" && sign.queueable);
  return queueable && !m.heard && now.mono < m.queueUntil;
}

/** A new run that has kept its boot id to itself for too long. */
export function settleIdentity(m: Draft, now: Moment, limits: Limits): void {
  m.identityBy = undefined;
  nowAlive(m, "agent-restart", false, now, limits);
}

function nowAlive(m: Draft, changed: VerdictCause | undefined, isBeat: boolean, now: Moment, limits: Limits): void {
  if (m.verdict.state === "maintenance") return;
  const isNew = m.known === undefined || m.known.state === "joining";
  if (isNew) become(m, isBeat ? "alive" : "joining", "first-seen", now);
  else if (m.verdict.state !== "alive") become(m, "alive", changed ?? "beat", now);
  else if (changed) become(m, "alive", changed, now);
  else if (isBeat) saySkew(m, now, limits);
}

/** What changed since it was last heard, the largest; `undefined` when nothing did, or when it was never heard. */
function takeIdentity(m: Draft, sign: Sign, life: Life | undefined): "boot" | "run" | "session" | undefined {
  const boot = "bootId" in sign && m.bootId !== undefined && sign.bootId !== m.bootId;
  const run = life !== undefined && m.run !== undefined && life.run !== m.run;
  const session = life !== undefined && m.session !== undefined && life.session !== m.session;
  if ("bootId" in sign) m.bootId = sign.bootId;
  if (life) {
    if (session) {
      m.priorSession = m.session;
      // Its rhythm stays; the moments of its last beats say nothing about a new connection.
      m.lastBeat = undefined;
      m.offsetSeenMs = m.offsetMs = undefined;
    }
    m.run = life.run;
    m.session = life.session;
  }
  return boot ? "boot" : run ? "run" : session ? "session" : undefined;
}

/**
 * The last moment at which it must have sent a beat, given that it lives now: beats come on a grid, so a sign after a
 * slot whose beat was lost proves as much as that beat would have. Counting silence from slots, and not from the sign,
 * keeps "dead at most 15 s after its last beat" true whatever else it said after that beat.
 */
function lastSlot(m: Draft, now: Moment): number {
  return m.lastBeat === undefined ? now.mono : m.lastBeat + Math.floor((now.mono - m.lastBeat) / m.beatMs) * m.beatMs;
}

function takeBeat(m: Draft, beat: Extract<Observation, { kind: "beat" }>, now: Moment): void {
  const intervalMs = m.lastBeat === undefined ? undefined : now.mono - m.lastBeat;
  m.beatsReceived += 1;
  if (intervalMs !== undefined) {
    m.rhythm = learn(m.rhythm, intervalMs, m.beatMs);
    const slots = Math.round(intervalMs / m.beatMs);
    if (slots > 1) m.beatsMissed += slots - 1;
    // One of those that were missed was only late: it came in a burst after a stall.
    else if (slots === 0 && m.beatsMissed > 0) m.beatsMissed -= 1;
    if (slots > 0) noteOffset(m, beat.at - now.wall);
  }
  if (beat.nextInMs !== m.beatMs) m.rhythm = steady;
  m.beatMs = beat.nextInMs;
  m.lastBeat = now.mono;
  m.base = now.mono;
}
