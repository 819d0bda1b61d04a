/**
 * When many followers go at once, the cause is one (a switch, a fuse, the Wi-Fi), and so is the message. Pure: fed with
 * changes of verdicts, it says when such a loss begins and when it is over.
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

export class MassLoss {
  private readonly states = new Map<string, VerdictState>();
  private alive = 0;
  /** Lost from being alive, and when; in the order of loss. Ten thousand may go at once, so nothing here looks at all of them. */
  private readonly lostAt = new Map<string, number>();
  private current: { readonly since: number; readonly followers: Set<string>; away: number } | undefined;

  constructor(private readonly limits: MassLossLimits) {}

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
    if (!this.current) return this.maybeBegins(at);
    return this.follow(this.current, { id, lost, wasLost, at });
  }

  private maybeBegins(at: number): MassLossNotice | undefined {
    for (const [id, lostAt] of this.lostAt) {
      if (at - lostAt <= this.limits.windowMs) break;
      this.lostAt.delete(id);
    }
    const lost = this.lostAt.size;
    const of = this.alive + lost;
    if (lost < this.limits.minFollowers || lost < of * this.limits.minShare) return undefined;
    const followers = [...this.lostAt.keys()];
    const since = this.lostAt.values().next().value ?? at;
    this.current = { since, followers: new Set(followers), away: lost };
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
    const followers = [...current.followers].filter((one) => !isLost(this.states.get(one) ?? "left"));
    return { notice: "mass-loss-over", followers, since: current.since, lastedMs: Math.max(0, at - current.since) };
  }
}
