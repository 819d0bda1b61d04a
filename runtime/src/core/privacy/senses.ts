/** Which capabilities of the house see or hear, and what each says of itself. Pure. */
import type { FollowerView, PrivacyView } from "@skein/contracts";

type SenseView = PrivacyView["senses"][number];

export type Sensing = Pick<FollowerView, "id" | "virtual" | "verdict" | "capabilities">;

/** `unknown` for whom nobody hears now: its last word may be out of date. Only `off` is off: one that failed may see all the same. */
export function sensesOf(followers: readonly Sensing[]): SenseView[] {
  return followers.flatMap(({ id, virtual, verdict, capabilities }) => {
    const heard = verdict.state === "alive";
    return capabilities.flatMap(({ name, sense, condition }): SenseView[] => {
      if (!sense) return [];
      const state = !heard || condition === undefined ? "unknown" : condition === "off" ? "off" : "on";
      return [{ follower: id, capability: name, sense, virtual, state }];
    });
  });
}
