import type { VerdictCause, VerdictData, VerdictState } from "@skein/contracts";
import type { Limits } from "./limits";
import type { Life, Moment } from "./observation";
import { steady, type Rhythm } from "./rhythm";

/** A verdict without what only its present form needs: enough to take it up again after `unknown`. */
export interface Known {
  readonly state: VerdictState;
  readonly cause: VerdictCause;
  readonly since: number;
  readonly previous?: VerdictData["previous"];
  /** When it had last been heard as this verdict came into force, ms of our wall clock. */
  readonly lastSeenAt?: number | undefined;
}

/** What the next verdict says of this one. */
export const briefly = ({ state, cause, since, lastSeenAt }: Known): NonNullable<VerdictData["previous"]> => ({
  state,
  cause,
  since,
  ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
});

/** All that the detector remembers of one follower. A value: `step` makes a new one. Times are `Moment.mono` unless said otherwise. */
export interface Memory {
  readonly verdict: VerdictData;
  /** The last verdict that was not `unknown`. */
  readonly known: Known | undefined;
  readonly virtual: boolean;

  readonly bootId: string | undefined;
  readonly run: string | undefined;
  readonly session: string | undefined;
  /** The session before: what comes late from it says nothing. */
  readonly priorSession: string | undefined;
  /** The session that said goodbye. */
  readonly goneSession: string | undefined;
  /** A new run whose boot id is not known yet; decided then at the latest. */
  readonly identityBy: number | undefined;

  /** Announced interval, ms. */
  readonly beatMs: number;
  /** When the last heartbeat came in this session. */
  readonly lastBeat: number | undefined;
  /** Silence counts from here: the last beat slot that it is known to have lived through. */
  readonly base: number;
  readonly rhythm: Rhythm;
  readonly pings: number;
  readonly lastPing: number;
  /** A live word of it came since our link came up. */
  readonly heard: boolean;
  /** When the will of its current session came. */
  readonly willAt: number | undefined;

  readonly linkUp: boolean;
  /** Until then what was kept for us while we were away may still come in: it was true once. */
  readonly queueUntil: number;
  readonly maintenanceUntil: number | undefined;
  readonly via: string | undefined;
  readonly bridge: "up" | "doubtful" | "down";
  /** Its wall clock minus ours at its last beat that came on time, ms. */
  readonly offsetSeenMs: number | undefined;
  /** The same when two such beats in a row agreed: a late message looks like a clock that is slow, two do not. */
  readonly offsetMs: number | undefined;

  /** Last sign of life, our wall clock, ms. */
  readonly lastSeenAt: number | undefined;

  readonly beatsReceived: number;
  readonly beatsMissed: number;
}

export type Draft = { -readonly [K in keyof Memory]: Memory[K] };

/** What an earlier life of the leader knew. */
export interface Remembered {
  readonly verdict: VerdictData;
  readonly bootId?: string | undefined;
  readonly life?: Partial<Life> | undefined;
  readonly via?: string | undefined;
  /** The interval that it last announced, ms. */
  readonly beatMs?: number | undefined;
}

/**
 * A follower of which nothing is known yet, or what was known before a restart of ours: that starts as `unknown`, because
 * we were away, and what it was is taken up again when it is heard or was silent long enough.
 */
export function initialMemory(
  now: Moment,
  options: {
    linkUp: boolean;
    limits: Limits;
    remembered?: Remembered | undefined;
    /** Until when old messages may still come in, `Moment.mono`. */
    queueUntil?: number | undefined;
  },
): Memory {
  const before = options.remembered?.verdict;
  const known = before && knownOf(before);
  const resting = known?.state === "maintenance" && before?.until !== undefined && before.until > now.wall;
  const unknown: VerdictData = {
    state: "unknown",
    cause: before ? (options.linkUp ? "observer-late" : "bus-down") : "first-seen",
    since: now.wall,
    virtual: before?.virtual ?? false,
    ...(before?.lastSeenAt === undefined ? {} : { lastSeenAt: before.lastSeenAt }),
    ...(known ? { previous: briefly(known) } : {}),
  };
  return {
    verdict: resting && before ? before : unknown,
    known,
    virtual: before?.virtual ?? false,
    bootId: options.remembered?.bootId,
    run: options.remembered?.life?.run,
    session: options.remembered?.life?.session,
    priorSession: undefined,
    goneSession: undefined,
    identityBy: undefined,
    beatMs: options.remembered?.beatMs ?? options.limits.beatMs,
    lastBeat: undefined,
    base: now.mono + options.limits.reconnectGraceMs,
    rhythm: steady,
    pings: 0,
    lastPing: now.mono,
    heard: false,
    willAt: undefined,
    linkUp: options.linkUp,
    queueUntil: options.queueUntil ?? now.mono,
    maintenanceUntil: resting && before?.until !== undefined ? now.mono + before.until - now.wall : undefined,
    via: options.remembered?.via,
    bridge: "up",
    offsetSeenMs: undefined,
    offsetMs: undefined,
    lastSeenAt: before?.lastSeenAt,
    beatsReceived: 0,
    beatsMissed: 0,
  };
}

function knownOf(verdict: VerdictData): Known | undefined {
  // An `unknown` bears in `previous` what was known before it; what came before that is forgotten.
  if (verdict.state === "unknown") return verdict.previous && { ...verdict.previous };
  const { state, cause, since, previous, lastSeenAt } = verdict;
  return { state, cause, since, previous, lastSeenAt };
}
