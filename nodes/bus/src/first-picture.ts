/**
 * Kept state is replayed at every subscription and reconnection. What comes at the first connection of a node was so before
 * it listened (`initial`); what comes at a later one is either what it has heard (`known`) or changed while it was away (`news`).
 */
import type { Bus } from "@skein/bus";

export type Newness = "initial" | "known" | "news";

/** More topics than this are not told apart; a house has some thousand. */
const MAX_TOPICS = 50_000;

export function createFirstPicture(
  bus: Pick<Bus, "session">,
): (topic: string, mark: string, retained: boolean) => Newness {
  const first = { session: undefined as string | undefined };
  const last = new Map<string, string>();
  return (topic, mark, retained) => {
    const before = last.get(topic);
    if (last.size < MAX_TOPICS || before !== undefined) last.set(topic, mark);
    if (!retained) return "news";
    first.session ??= bus.session;
    if (before === mark) return "known";
    return bus.session === first.session && before === undefined ? "initial" : "news";
  };
}
