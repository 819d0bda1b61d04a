/**
 * The failure detector: a pure function of what was remembered, what was observed and when. Timers, pings and the bus are
 * the caller's (packages/fleet). It is asked again, with a `tick`, at `nextCheckAt` at the latest.
 *
 * In short: every message is a sign of life; a will of the current session makes a suspect, dead after a grace; silence
 * makes a suspect too, who is pinged before it is called dead; and the observer doubts itself first: while its link is
 * down, or after it was stalled, verdicts are `unknown` and silence is counted anew (Dadgar et al., "Lifeguard", arXiv
 * 1707.00788, whose idea of local health this is: most false deaths are the observer's own slowness).
 */
import type { VerdictData } from "@skein/contracts";
import { endMaintenance, judge, nextCheckAt, restartSilence, isSuspectByWill } from "./judge";
import type { Limits } from "./limits";
import type { Draft, Memory } from "./memory";
import type { Effect, Moment, Observation } from "./observation";
import { isOver, signOfLife } from "./signs";
import { become } from "./transition";

export interface Step {
  readonly memory: Memory;
  readonly verdict: VerdictData;
  /** The verdict is another than before this step. */
  readonly changed: boolean;
  readonly effects: readonly Effect[];
  /** `Moment.mono` at which to call again with a `tick`; `undefined`: only when something is observed. */
  readonly nextCheckAt: number | undefined;
}

export function step(memory: Memory, observation: Observation, now: Moment, limits: Limits): Step {
  const draft: Draft = { ...memory };
  observe(draft, observation, now, limits);
  const effects = judge(draft, now, limits);
  return {
    memory: draft,
    verdict: draft.verdict,
    changed: draft.verdict !== memory.verdict,
    effects,
    nextCheckAt: nextCheckAt(draft, limits),
  };
}

function observe(m: Draft, o: Observation, now: Moment, limits: Limits): void {
  switch (o.kind) {
    case "birth":
      return observeBirth(m, o, now, limits);
    case "presence":
      return observePresence(m, o, now, limits);
    case "beat":
    case "message":
    case "pong":
      return signOfLife(m, o, now, limits);
    case "link":
      return observeLink(m, o, now, limits);
    case "late":
      return observeLate(m, now);
    case "maintenance":
      return observeMaintenance(m, o.forMs, now, limits);
    case "bridge":
      return observeBridge(m, o.state, now);
    case "tick":
      return;
  }
}

function observeBirth(m: Draft, o: Extract<Observation, { kind: "birth" }>, now: Moment, limits: Limits): void {
  m.via = o.via;
  if (o.via === undefined) m.bridge = "up";
  m.virtual = o.virtual;
  if (m.verdict.virtual !== o.virtual) m.verdict = { ...m.verdict, virtual: o.virtual };
  if (o.retained) {
    m.bootId ??= o.bootId;
    adopt(m, o);
  } else signOfLife(m, o, now, limits);
  if (m.lastBeat === undefined && o.beatMs !== undefined) m.beatMs = o.beatMs;
}

function observePresence(m: Draft, o: Extract<Observation, { kind: "presence" }>, now: Moment, limits: Limits): void {
  if (o.status === "online") return o.retained ? adopt(m, o) : signOfLife(m, o, now, limits);
  if (isOver(m, o)) return;
  if (o.status === "leaving") {
    // A kept goodbye of another session than the one that we hear is old; so may be one that was queued for us.
    if (o.session !== m.session && (o.retained ? m.heard : !m.linkUp || now.mono < m.queueUntil)) return;
    m.goneSession = o.session;
    m.session = o.session;
    m.run = o.run;
    m.willAt = m.identityBy = undefined;
    if (m.verdict.state !== "maintenance") become(m, "left", "clean-stop", now);
    return;
  }
  // `lost`: of another session it is ignored; kept, or from before our link came up, it is a hint, and silence decides.
  if (o.retained || o.session !== m.session || !m.heard || o.session === m.goneSession) return;
  m.willAt ??= now.mono;
}

/** Kept state tells who it was, and is no sign of life. */
function adopt(m: Draft, life: { run: string; session: string }): void {
  m.run ??= life.run;
  m.session ??= life.session;
}

function observeLink(
  m: Draft,
  { up, resumed }: { up: boolean; resumed?: boolean | undefined },
  now: Moment,
  limits: Limits,
): void {
  if (m.linkUp === up) return;
  m.linkUp = up;
  m.queueUntil = resumed ? now.mono + limits.queueMs : now.mono;
  m.willAt = m.identityBy = undefined;
  m.heard = false;
  // Followers come back within their own back-off, and then have a whole silence's time.
  if (up) return restartSilence(m, now.mono + limits.reconnectGraceMs);
  if (m.verdict.state !== "maintenance" && m.verdict.state !== "unknown") become(m, "unknown", "bus-down", now);
}

function observeLate(m: Draft, now: Moment): void {
  restartSilence(m, Math.max(m.base, now.mono));
  const { state } = m.verdict;
  const inDoubt = state === "alive" || state === "joining" || (state === "suspect" && !isSuspectByWill(m));
  if (inDoubt && m.linkUp) become(m, "unknown", "observer-late", now);
}

function observeMaintenance(m: Draft, forMs: number, now: Moment, limits: Limits): void {
  if (forMs <= 0) return endMaintenance(m, now, limits);
  m.maintenanceUntil = now.mono + forMs;
  m.willAt = m.identityBy = undefined;
  become(m, "maintenance", "request", now, Math.round(now.wall + forMs));
}

function observeBridge(m: Draft, state: Memory["bridge"], now: Moment): void {
  if (m.bridge === state || m.via === undefined) return;
  m.bridge = state;
  if (state === "up") restartSilence(m, now.mono);
  const judged = m.verdict.state === "alive" || m.verdict.state === "suspect" || m.verdict.state === "joining";
  if (state === "down" && judged) become(m, "unknown", "gateway-lost", now);
}
