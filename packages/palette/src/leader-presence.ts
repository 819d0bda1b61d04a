/** Whether a leader is there, for nodes that ask something of it or are asked by it. */
import type { Bus } from "@skein/bus";
import { leaderStatus } from "@skein/contracts";
import { systemClock, type Clock } from "@skein/kit";

/** `never`: none has been heard on this bus; `away`: there was one; `no-bus`: nobody can be heard. */
export type LeaderPresence = "there" | "away" | "never" | "no-bus";

/** Kept state comes right after the link; a leader that is not heard within so long, ms, is none. */
const HEARD_MS = 3000;

export interface LeaderPresenceView {
  readonly now: LeaderPresence;
  /** How it is as soon as that is certain: no link yet is waited for, `withinMs` at most, and `never` is believed a moment after it. */
  known(withinMs: number): Promise<LeaderPresence>;
  stop(): void;
}

/** Calls at every change, and once at once with how it is now. A subscription that the broker refuses leaves it at `never`. */
export function watchLeaderPresence(
  bus: Pick<Bus, "onLink" | "subscribe">,
  onChange: (presence: LeaderPresence) => void,
  clock: Clock = systemClock,
): LeaderPresenceView {
  let up = false;
  let online: boolean | undefined;
  let told: LeaderPresence | undefined;
  /** Since when nobody has been heard on a link that is up. */
  let unheardSince: number | undefined;
  let stopped = false;
  const waiting = new Set<() => void>();
  const now = (): LeaderPresence => (!up ? "no-bus" : online === undefined ? "never" : online ? "there" : "away");
  const look = () => {
    if (now() === told) return;
    told = now();
    unheardSince = told === "never" ? clock.monotonic() : undefined;
    onChange(told);
    for (const wake of waiting) wake();
  };
  const unheardForMs = () => (unheardSince === undefined ? 0 : clock.monotonic() - unheardSince);
  const isCertain = () => now() === "there" || now() === "away" || unheardForMs() >= HEARD_MS || stopped;
  const stopLink = bus.onLink((state) => {
    up = state.up;
    look();
  });
  const subscribed = bus.subscribe(leaderStatus, {}, ({ data }) => {
    online = data.online;
    look();
  });
  return {
    get now() {
      return now();
    },
    known: (withinMs) =>
      new Promise((resolve) => {
        let cancelHeard = () => {};
        const end = () => {
          waiting.delete(weigh);
          cancelHeard();
          cancelLimit();
          resolve(now());
        };
        const weigh = () => {
          cancelHeard();
          if (isCertain()) return end();
          if (now() === "never") cancelHeard = clock.setTimer(end, HEARD_MS - unheardForMs(), { unref: true });
        };
        const cancelLimit = clock.setTimer(end, withinMs, { unref: true });
        waiting.add(weigh);
        weigh();
      }),
    stop() {
      stopped = true;
      for (const wake of waiting) wake();
      stopLink();
      void subscribed.then((unsubscribe) => unsubscribe()).catch(() => {});
    },
  };
}
