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
  /** Lost from being alive, and when. */
  private readonly lostAt = new Map<string, number>();
  private current: { readonly since: number; readonly followers: Set<string> } | undefined;

  constructor(private readonly limits: MassLossLimits) {}

  /** A follower's verdict is now this; undefined: it was forgotten. */
  change(id: string, state: VerdictState | undefined, at: number): MassLossNotice | undefined {
    // Not to know is neither to lose nor to find again.
    if (state === "unknown") return undefined;
    const before = this.states.get(id);
    if (state === undefined) this.states.delete(id);
    else this.states.set(id, state);
    if (state !== undefined && isLost(state)) {
      if (before === "alive") this.lostAt.set(id, at);
    } else this.lostAt.delete(id);
    return this.current ? this.maybeOver(this.current, at) : this.maybeBegins(at);
  }

  private maybeBegins(at: number): MassLossNotice | undefined {
    const recent = [...this.lostAt].filter(([, lostAt]) => at - lostAt <= this.limits.windowMs);
    const alive = [...this.states.values()].filter((state) => state === "alive").length;
    const of = alive + recent.length;
    if (recent.length < this.limits.minFollowers || recent.length < of * this.limits.minShare) return undefined;
    const followers = recent.map(([id]) => id);
    const since = Math.min(...recent.map(([, lostAt]) => lostAt));
    this.current = { since, followers: new Set(followers) };
    return { notice: "mass-loss", followers, of, since };
  }

  /** Over when most of those that were lost are no longer. */
  private maybeOver(current: { since: number; followers: Set<string> }, at: number): MassLossNotice | undefined {
    // Those that followed the first ones belong to the same loss.
    for (const [id, lostAt] of this.lostAt)
      if (lostAt - current.since <= this.limits.windowMs) current.followers.add(id);
    const back = [...current.followers].filter((id) => !isLost(this.states.get(id) ?? "left"));
    if (back.length * 2 <= current.followers.size) return undefined;
    this.current = undefined;
    // What stays away was told; it does not begin another one.
    this.lostAt.clear();
    return {
      notice: "mass-loss-over",
      followers: back,
      since: current.since,
      lastedMs: Math.max(0, at - current.since),
    };
  }
}
