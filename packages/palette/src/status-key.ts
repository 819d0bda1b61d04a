/** What a node's status says of what all of them may lack: keys below `NODE.status.` in its texts. */
import { hasCode } from "@skein/kit";
import type { LeaderPresence } from "./leader-presence";

const WITHOUT_BUS: Readonly<Record<string, string>> = { BUS_NOT_CONFIGURED: "noBusNode", BUS_NO_LEADER: "noHouse" };

/** Of a node that cannot work, for `more` codes of its own as well; the whole story goes to the Catch nodes. */
export const keyOfFailure = (error: unknown, more: Readonly<Record<string, string>> = {}): string =>
  (hasCode(error) ? { ...WITHOUT_BUS, ...more }[error.code] : undefined) ?? "failed";

/** Of one that needs a leader. */
export const KEY_WITHOUT_LEADER: Readonly<Record<Exclude<LeaderPresence, "there">, string>> = {
  "no-bus": "noBus",
  never: "noLeader",
  away: "away",
};
