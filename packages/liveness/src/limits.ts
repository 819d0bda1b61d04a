/**
 * The hard limits around what a follower's own rhythm teaches. A "beat" is what the follower announced with its last
 * heartbeat (`nextInMs`), so that all of this scales with it.
 */
export interface Limits {
  /** Never suspected before this many beats of silence. Default 1.5. */
  readonly minBeats: number;
  /** Always suspected after this many. Default 2. */
  readonly maxBeats: number;
  /**
   * Quietly asked after so many beats of silence, before there is any suspicion. Default 1.1. Formula: a stall of the
   * network that begins just before the question is answered must end before `deadBeats`, so
   * pingBeats * beat + longest stall + a few lost pings < deadBeats * beat; with 5 s beats 5.5 + 8 + 1 = 14.5.
   */
  readonly pingBeats: number;
  /**
   * Dead after this many beats of silence, whatever the rhythm. Default 2.9: with 5 s beats 14.5 s, more than a beat and
   * a stall of 8 s together (13 s), and with half a second left to the promised 15 s.
   */
  readonly deadBeats: number;
  /** What a beat is taken for until the follower has announced one, ms. Default 5000. */
  readonly beatMs: number;
  /**
   * A will makes a suspect only after this long, ms. Default 200: a broker that stops sends its clients' wills in the
   * very moment in which it closes our own connection, and then they say nothing (reference/ops.md, "Presence, tried").
   */
  readonly willHoldMs: number;
  /** From a will to death without a reconnection, ms. Default 3000. */
  readonly willGraceMs: number;
  /** When our own link came up, or we started, silence counts only from so much later, ms: followers wait up to their back-off (15 s at most) before they are back. Default 20000. */
  readonly reconnectGraceMs: number;
  /** For so long after a resumed connection, what a broker keeps for clients that are away is taken for old, ms. Default 2000. */
  readonly queueMs: number;
  /** How long a new run may keep its boot id to itself before it is called an agent's restart, ms. Default 500. */
  readonly identityMs: number;
  /** A stall of the observer itself that is worth saying, ms. Default 2000. Shorter ones only push the deadlines. */
  readonly observerLateMs: number;
  /** A wall clock further off than this is said, ms. Default 30000. */
  readonly clockSkewMs: number;
}

export const defaultLimits: Limits = {
  minBeats: 1.5,
  maxBeats: 2,
  pingBeats: 1.1,
  deadBeats: 2.9,
  beatMs: 5_000,
  willHoldMs: 200,
  willGraceMs: 3_000,
  reconnectGraceMs: 20_000,
  queueMs: 2_000,
  identityMs: 500,
  observerLateMs: 2_000,
  clockSkewMs: 30_000,
};

/** The defaults with what the owner set; what is `undefined` counts as not set. */
export function limitsOf(set: { readonly [K in keyof Limits]?: Limits[K] | undefined } = {}): Limits {
  const given = Object.fromEntries(
    Object.entries(set).filter(([key, value]) => key in defaultLimits && value !== undefined),
  );
  return { ...defaultLimits, ...given };
}
