/**
 * How many wrong codes are listened to: ten in ten minutes from one network, and a thousand from everywhere. With ten codes open, who
 * has a thousand guesses hits one of 30^8 with a chance of 1 to 65 million. A code that is right is never counted.
 */
import { SkeinError, type Clock } from "@skein/kit";
import { network } from "../auth/throttle";

export const JOIN_TRIES = { fromOne: 10, inAll: 1000, windowMs: 10 * 60_000 } as const;

export interface JoinLimit {
  /** @throws SkeinError JOIN_TRIES_TOO_MANY */
  check(address: string): void;
  /** True when this one was the last that is listened to from there. */
  wrong(address: string): boolean;
}

export function createJoinLimit(clock: Pick<Clock, "monotonic">): JoinLimit {
  /** By network; no more of them than are listened to in all. */
  let wrong = new Map<string, number>();
  let all = 0;
  let since = clock.monotonic();
  const turn = () => {
    if (clock.monotonic() - since < JOIN_TRIES.windowMs) return;
    wrong = new Map();
    all = 0;
    since = clock.monotonic();
  };
  return {
    check(address) {
      turn();
      if (all < JOIN_TRIES.inAll && (wrong.get(network(address)) ?? 0) < JOIN_TRIES.fromOne) return;
      const minutes = Math.ceil((since + JOIN_TRIES.windowMs - clock.monotonic()) / 60_000);
      throw new SkeinError("JOIN_TRIES_TOO_MANY", "too many wrong codes.", {
        hint: `Try again in ${minutes} min.`,
      });
    },
    wrong(address) {
      turn();
      const count = (wrong.get(network(address)) ?? 0) + 1;
      wrong.set(network(address), count);
      all++;
      return count === JOIN_TRIES.fromOne || all === JOIN_TRIES.inAll;
    },
  };
}
