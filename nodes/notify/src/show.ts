/** The line under the node: whether anybody is there to tell it, and how the last notice went. */
import type { NoticeSent } from "@skein/contracts";
import { KEY_WITHOUT_LEADER, type LeaderPresence, type Tone } from "@skein/palette";

export interface Line {
  readonly tone: Tone;
  readonly pending: boolean;
  /** Below `notify.status.` in the texts. */
  readonly key: string;
}

export function lineOf(now: {
  /** The broker does not let it hear what is pressed. */
  readonly deaf: boolean;
  readonly leader: LeaderPresence;
  /** How many are under way. */
  readonly sending: number;
  /** How the last one went by each channel; a failure: it did not go at all. */
  readonly last: NoticeSent | "failed" | undefined;
}): Line {
  const { deaf, leader, sending, last } = now;
  if (deaf) return { tone: "bad", pending: true, key: "failed" };
  if (leader !== "there") return { tone: "unknown", pending: true, key: KEY_WITHOUT_LEADER[leader] };
  if (sending > 0) return { tone: "doubt", pending: true, key: "sending" };
  if (last === undefined) return { tone: "good", pending: false, key: "ready" };
  if (last === "failed") return { tone: "bad", pending: false, key: "notSent" };
  return Object.values(last).every(({ ok }) => ok)
    ? { tone: "good", pending: false, key: "sent" }
    : { tone: "doubt", pending: false, key: "partly" };
}
