import { hostAction, type HostAction } from "@skein/contracts";
import { messageOf, type CancelTimer, type Clock, type Logger, type Random } from "@skein/kit";
import type { MadeUpHost } from "./made-up-host";

/** How long a fault lasts before it heals, ms: long enough for a verdict, short enough to watch. */
const HEAL_AFTER_MS = { least: 15_000, most: 45_000 };
const FAULTS = hostAction.options.filter((action) => action !== "restore");

/** Things that go wrong by themselves, when somebody wants to see that: off until it is switched on. */
export interface RandomFaults {
  /** `meanMs`: between two faults in the whole house, on average (they come like a Poisson process, as real ones do). */
  on(meanMs: number): void;
  /** Heals what it broke, too. */
  off(): Promise<void>;
}

export function createRandomFaults(
  hosts: readonly Pick<MadeUpHost, "id" | "suffering" | "do">[],
  parts: { readonly clock: Clock; readonly random: Random; readonly logger: Logger },
): RandomFaults {
  const { clock, random, logger } = parts;
  const healing = new Map<Pick<MadeUpHost, "id" | "suffering" | "do">, CancelTimer>();
  let cancelNext: CancelTimer = () => {};

  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random.next() * from.length)];
  const does = (host: Pick<MadeUpHost, "id" | "suffering" | "do">, action: HostAction) =>
    host
      .do(action)
      .catch((error: unknown) =>
        logger.warn({ follower: host.id, action, reason: messageOf(error) }, "the fault did not happen"),
      );

  const strike = () => {
    // Whoever suffers already, by us or by somebody's hand, is left alone.
    const host = pick(hosts.filter((one) => one.suffering === undefined && !healing.has(one)));
    const action = pick(FAULTS);
    if (!host || !action) return;
    logger.info({ follower: host.id, action }, "a random fault");
    void does(host, action);
    const wait = HEAL_AFTER_MS.least + random.next() * (HEAL_AFTER_MS.most - HEAL_AFTER_MS.least);
    healing.set(
      host,
      clock.setTimer(() => void heal(host), wait),
    );
  };
  const heal = async (host: Pick<MadeUpHost, "id" | "suffering" | "do">): Promise<void> => {
    healing.get(host)?.();
    healing.delete(host);
    await does(host, "restore");
  };
  const arm = (meanMs: number) => {
    cancelNext = clock.setTimer(
      () => {
        arm(meanMs);
        strike();
      },
      -Math.log(1 - random.next()) * meanMs,
    );
  };
  return {
    on(meanMs) {
      cancelNext();
      arm(meanMs);
    },
    async off() {
      cancelNext();
      await Promise.all([...healing.keys()].map(heal));
    },
  };
}
