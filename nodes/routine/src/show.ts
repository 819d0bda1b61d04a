/** The line under the node: whether its routine is open, and whether anybody is there to start it. */
import { KEY_WITHOUT_LEADER, type LeaderPresence, type Tone } from "@skein/palette";

export function lineOf(isMine: boolean, leader: LeaderPresence): { tone: Tone; pending: boolean; key: string } {
  if (!isMine) return { tone: "bad", pending: true, key: "taken" };
  if (leader !== "there") return { tone: "unknown", pending: true, key: KEY_WITHOUT_LEADER[leader] };
  return { tone: "good", pending: false, key: "open" };
}
