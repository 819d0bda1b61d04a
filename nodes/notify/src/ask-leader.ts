/** The leader is asked to tell somebody. */
import { becauseOf, type LeaderPresenceView } from "@skein/palette";
import type { Bus } from "@skein/bus";
import { flowMedia, noticeCommand, type NoticeSent } from "@skein/contracts";
import { hasCode, mediaHash, SkeinError, type Clock } from "@skein/kit";
import type { NodeMessage } from "node-red";
import type { Wanted } from "./notice-of";

/** A link, and a leader that is away for a moment (a restart), are waited for so long, ms; a notice that is older is told to nobody. */
const WAIT_MS = 60_000;

const nobody = (): SkeinError =>
  new SkeinError("LEADER_ABSENT", "there is no leader to show the notice, so nobody was told.", {
    hint: "Start the leader, or tell somebody by a node of another package.",
  });

const noAnswer = (cause: unknown): SkeinError =>
  new SkeinError("REQUEST_TIMEOUT", "the leader did not answer: whether anybody was told is not known.", {
    hint: "Look at the page whether the notice is there, and at the leader's log.",
    cause,
  });

/** Resolves with `{id, sent}` when every channel has been tried once. @throws SkeinError LEADER_ABSENT, REQUEST_TIMEOUT, BUS_DOWN, and what the leader says */
export async function askLeader(
  bus: Bus,
  { picture, ...notice }: Wanted,
  whose: { node: string; mark: string },
  { message, leader, clock }: { message: NodeMessage; leader: LeaderPresenceView; clock: Clock },
): Promise<{ id: string; sent: NoticeSent; picture?: boolean }> {
  const began = clock.monotonic();
  // Right after a deploy or a start there is no link yet, and nothing is known of a leader.
  if ((await leader.known(WAIT_MS)) === "never") throw nobody();
  const timeoutMs = Math.max(1000, Math.round(WAIT_MS - (clock.monotonic() - began)));
  const hash = picture && mediaHash(picture);
  if (hash) await bus.publishRaw(flowMedia.topic({ host: bus.id, hash }), picture, "media");
  const before = leader.now;
  const outcome = await bus
    .request(
      noticeCommand,
      {},
      { ...notice, ...whose, ...(hash && { picture: hash }) },
      { ...becauseOf(message), timeoutMs },
    )
    .catch((error: unknown) => {
      if (!hasCode(error, "REQUEST_TIMEOUT")) throw error;
      throw [before, leader.now].includes("there") ? noAnswer(error) : nobody();
    });
  if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
  return outcome.result as { id: string; sent: NoticeSent; picture?: boolean };
}
