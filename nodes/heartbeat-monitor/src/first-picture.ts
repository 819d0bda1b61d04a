/**
 * "Send the current state on deploy": each follower once, as soon as something is known of it. The picture is complete a
 * moment after the fleet is ready, which takes longer where this Node-RED judges by itself ("judge here"); who is there then
 * and not decided on yet (a dead one that only kept messages tell of) is told when it is. Who comes later is news.
 */
import type { Clock } from "@skein/kit";
import type { FleetMember, FleetView } from "@skein/palette";

/** Once the fleet is ready the first picture is complete after so long, ms. */
const COMPLETE_MS = 2000;

export function createFirstPicture(parts: {
  clock: Clock;
  fleet: Pick<FleetView, "ready" | "judged" | "get">;
  /** Whether it is known yet who stands in the rooms that the node watches. */
  knowsWhom(): boolean;
  /** Whom the node watches. */
  members(): readonly FleetMember[];
  say(member: FleetMember): void;
}) {
  const { clock, fleet } = parts;
  const ready = () => fleet.ready && parts.knowsWhom();
  const told = new Set<string>();
  /** Undefined while the picture is open; then whom it still waits for. */
  let awaited: Set<string> | undefined;
  let complete: (() => void) | undefined;

  const close = () => {
    const missing = parts.members().filter(({ id }) => !told.has(id));
    awaited = new Set(missing.map(({ id }) => id));
  };
  const isSaid = ({ id, verdict: { state } }: FleetMember): boolean => {
    if (told.has(id) || state === "unknown") return false;
    // A doubt is decided soon; only what somebody else has been sure of before is more than a first guess.
    return (ready() && !awaited) || (state !== "suspect" && state !== "joining");
  };
  const markTold = (id: string) => {
    told.add(id);
    awaited?.delete(id);
  };
  return {
    /** This one was told as news. */
    told: markTold,
    /** Something may have changed. */
    look(): void {
      if (!fleet.judged) return;
      if (ready()) complete ??= clock.setTimer(close, COMPLETE_MS, { unref: true });
      const open = awaited ? [...awaited].flatMap((id) => fleet.get(id) ?? []) : parts.members();
      for (const member of open.filter(isSaid)) {
        markTold(member.id);
        parts.say(member);
      }
    },
    stop: () => complete?.(),
  };
}
