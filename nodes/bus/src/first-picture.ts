/**
 * Kept state is replayed at every subscription and reconnection. What comes at the first connection of a node was so before
 * it listened (`initial`); what comes at a later one is either what it has heard (`known`) or changed while it was away (`news`).
 * A sender says its states again in every session of its own: the same words in another session are `known`, too.
 */
import type { Bus } from "@skein/bus";

export type Newness = "initial" | "known" | "news";

export interface Said {
  /** What was said, or an id of it: the same again is the same mark. */
  readonly mark: string;
  /** The sender's session, where it is known. */
  readonly session: string;
}

/** More topics than this are not told apart; a house has some thousand. */
const MAX_TOPICS = 50_000;

export interface FirstPicture {
  (topic: string, said: Said, retained: boolean): Newness;
  /** For the node's close. */
  stop(): void;
}

/** To be made just before the subscription. */
export function createFirstPicture(bus: Pick<Bus, "session" | "onLink">): FirstPicture {
  // Noted at the connection and not at the first message: there may be nothing kept yet. What comes before the link is
  // called up comes while the first connection is being made.
  let firstSession: string | undefined;
  const stop = bus.onLink(({ up }) => {
    if (up) firstSession ??= bus.session;
  });
  const last = new Map<string, Said>();
  const weigh = (topic: string, said: Said, retained: boolean): Newness => {
    const before = last.get(topic);
    if (last.size < MAX_TOPICS || before) last.set(topic, said);
    const same = before?.mark === said.mark;
    if (!retained) return same && before.session !== said.session ? "known" : "news";
    if (same) return "known";
    return bus.session === (firstSession ?? bus.session) && !before ? "initial" : "news";
  };
  return Object.assign(weigh, { stop });
}
