/** Finds out whether the broker took over the users that it was handed. */
import { logInOnce, type BusAddress } from "@skein/bus";
import type { Login } from "@skein/broker";
import { SkeinError, sleep, type Clock } from "@skein/kit";
import type { MosquittoParts } from "./bus-accounts";

const TRY_EVERY_MS = 200;
/** The helper may have been busy at the first change and have missed the second: it is given it again. */
const AGAIN_EVERY_MS = 3000;
const GIVE_UP_MS = 15_000;

/** Tries until it is as wanted. `bus`: the leader's own way there. */
export function knockUntil(bus: BusAddress, clock: Clock): MosquittoParts["until"] {
  return async (wanted, login, again) => {
    const began = clock.monotonic();
    let told = began;
    for (;;) {
      if ((await knock(bus, login)) === wanted) return;
      const now = clock.monotonic();
      if (now - began >= GIVE_UP_MS)
        throw new SkeinError("BUS_USERS_NOT_TAKEN", "the broker has not read the users that it was given.", {
          hint: "Does it run, and is skein-mosquitto-reload at work? docs/broker.md says how to look.",
        });
      if (now - told >= AGAIN_EVERY_MS) {
        told = now;
        again();
      }
      await sleep(clock, TRY_EVERY_MS);
    }
  };
}

async function knock({ url, tls }: BusAddress, { username, password }: Login): Promise<"in" | "refused" | "away"> {
  // The client id that the follower itself has: whoever takes it throws the follower off.
  return logInOnce({ url, ...(tls && { tls }), clientId: `skein-${username}`, username, password });
}
