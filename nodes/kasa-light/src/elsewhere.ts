/**
 * When a device's state is news for the second output. States are kept: a node hears them again after a redeploy, a reconnection, a
 * restart of broker or leader, and none of that is a hand on a wall switch. News is another state than the last one known, that the
 * leader calls made elsewhere; one that is replayed only when it was confirmed after the last one known (it happened while we were away).
 */
import { isDeepStrictEqual } from "node:util";
import type { DeviceStateData } from "@skein/contracts";

type Said = Pick<DeviceStateData, "state" | "confirmedAt" | "cause">;

export function isNews(before: Said | undefined, now: Said, replayed: boolean): boolean {
  // The first that is known is the base to compare with.
  if (now.cause?.kind !== "elsewhere" || !now.state || !before?.state) return false;
  if (isDeepStrictEqual(before.state, now.state)) return false;
  return !replayed || (now.confirmedAt ?? 0) > (before.confirmedAt ?? 0);
}
