/**
 * When many followers go at once, the cause is one (a switch, a fuse, the Wi-Fi), and so is the message. Pure: fed with
 * changes of verdicts, it says when such a loss begins (at the first of them that is dead: a doubt is no loss, but those in
 * doubt with it are counted) and when it is over.
 */
import type { VerdictState } from "@skein/contracts";

export interface MassLossLimits {
  /** Losses this close together count as one, ms. */
  readonly windowMs: number;
  /** So many at least. */
  readonly minFollowers: number;
  /** And this share of those that were alive. */
  readonly minShare: number;
}

export const MASS_LOSS: Omit<MassLossLimits, "windowMs"> = { minFollowers: 3, minShare: 0.5 };

export type MassLossNotice =
  | { readonly notice: "mass-loss"; readonly followers: string[]; readonly of: number; readonly since: number }
  | {
      readonly notice: "mass-loss-over";
      readonly followers: string[];
      readonly since: number;
      readonly lastedMs: number;
    };

const isLost = (state: VerdictState): boolean => state === "suspect" || state === "dead";

/** A mass loss that is not over: what must be known of it after a restart. */
export interface OngoingLoss {
  readonly since: number;
  /** How many were alive before. */
  readonly of: number;
  readonly followers: readonly string[];
  /** Those of them that are not back. */
  readonly away: readonly string[];
}

export class MassLoss {
  private readonly states = new Map<string, VerdictState>();
  private alive = 0;
  /** Lost from being alive, and when they were first in doubt; in that order. */
  private readonly lostAt = new Map<string, number>();
  /** The latest beginning of a loss that ended in a death. */
  private lastDeath = -Infinity;
  private current:
    { readonly since: number; readonly of: number; readonly followers: Set<string>; away: number } | undefined;

  /** `ongoing`: from before a restart; its end is told as if there had been none. */
  constructor(
    private readonly limits: MassLossLimits,
    ongoing?: OngoingLoss,
  ) {
    if (!ongoing) return;
    const { since, of, followers, away } = ongoing;
    this.current = { since, of, followers: new Set(followers), away: away.length };
    for (const id of ongoing.away) this.states.set(id, "dead");
  }

  /** What is worth keeping over a restart. */
  get ongoing(): OngoingLoss | undefined {
    if (!this.current) return undefined;
    const { since, of } = this.current;
    const followers = [...this.current.followers];
    return { since, of, followers, away: followers.filter((id) => this.isAway(id)) };
  }

  /** The same in figures: cheap, since it is asked for at every change. */
  get figures():
    { readonly since: number; readonly lost: number; readonly of: number; readonly back: number } | undefined {
    if (!this.current) return undefined;
    const { since, of, followers, away } = this.current;
    return { since, of, lost: followers.size, back: followers.size - away };
  }

  /** A follower's verdict is now this; undefined: it was forgotten. */
  change(id: string, state: VerdictState | undefined, at: number): MassLossNotice | undefined {
    // Not to know is neither to lose nor to find again.
    if (state === "unknown") return undefined;
    const before = this.states.get(id);
    if (state === undefined) this.states.delete(id);
    else this.states.set(id, state);
    this.alive += Number(state === "alive") - Number(before === "alive");

    const lost = state !== undefined && isLost(state);
    const wasLost = before !== undefined && isLost(before);
    if (!lost) this.lostAt.delete(id);
    else if (before === "alive") this.lostAt.set(id, at);
    if (!this.current) return this.maybeBegins(id, at);
    return this.follow(this.current, { id, lost, wasLost, at });
  }

  private isAway(id: string): boolean {
    return isLost(this.states.get(id) ?? "left");
  }

  private isMass(lost: number): boolean {
    return lost >= this.limits.minFollowers && lost >= (this.alive + lost) * this.limits.minShare;
  }

  /** How long it takes from doubt to death depends on each one's beat, so what counts is when the doubts began. */
  private maybeBegins(id: string, at: number): MassLossNotice | undefined {
    const mine = this.lostAt.get(id);
    if (mine === undefined) return undefined;
    if (this.states.get(id) === "dead") this.lastDeath = Math.max(this.lastDeath, mine);
    // Ten thousand may go at once: all of them are looked at only when there may be something to say.
    if (!this.isMass(this.lostAt.size) || mine - this.lastDeath > this.limits.windowMs) return undefined;
    const followers: string[] = [];
    let since = at;
    let dead = false;
    for (const [other, lostAt] of this.lostAt) {
      if (Math.abs(lostAt - mine) > this.limits.windowMs) continue;
      followers.push(other);
      since = Math.min(since, lostAt);
      dead ||= this.states.get(other) === "dead";
    }
    const lost = followers.length;
    if (!dead || !this.isMass(lost)) return undefined;
    const of = this.alive + lost;
    this.current = { since, of, followers: new Set(followers), away: lost };
    return { notice: "mass-loss", followers, of, since };
  }

  /** What happens while many are lost. Those that follow the first ones belong to the same loss; it is over when most are back. */
  private follow(
    current: NonNullable<MassLoss["current"]>,
    { id, lost, wasLost, at }: { id: string; lost: boolean; wasLost: boolean; at: number },
  ): MassLossNotice | undefined {
    if (current.followers.has(id)) current.away += Number(lost) - Number(wasLost);
    else if (this.lostAt.get(id) === at && at - current.since <= this.limits.windowMs) {
      current.followers.add(id);
      current.away += 1;
    }
    const back = current.followers.size - current.away;
    if (back * 2 <= current.followers.size) return undefined;
    this.current = undefined;
    // What stays away was told; it does not begin another one.
    this.lostAt.clear();
    const followers = [...current.followers].filter((one) => !this.isAway(one));
    return { notice: "mass-loss-over", followers, since: current.since, lastedMs: Math.max(0, at - current.since) };
  }
}
