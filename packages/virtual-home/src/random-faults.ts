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
  /** Lets everything be as it is: the house itself ends. */
  close(): void;
}

type Host = Pick<MadeUpHost, "id" | "suffering" | "deeds" | "do">;

export function createRandomFaults(
  hosts: readonly Host[],
  parts: { readonly clock: Clock; readonly random: Random; readonly logger: Logger },
): RandomFaults {
  const { clock, random, logger } = parts;
  /** Whom we struck, what had been done to it by then, and when it heals. */
  const struck = new Map<Host, { readonly deeds: number; readonly cancel: CancelTimer }>();
  let cancelNext: CancelTimer = () => {};

  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random.next() * from.length)];
  const does = async (host: Host, action: HostAction): Promise<boolean> => {
    try {
      await host.do(action);
      return true;
    } catch (error) {
      logger.warn({ follower: host.id, action, reason: messageOf(error) }, "the fault did not happen");
      return false;
    }
  };

  const strike = async (): Promise<void> => {
    // Whoever suffers already, by us or by somebody's hand, is left alone.
    const host = pick(hosts.filter((one) => one.suffering === undefined && !struck.has(one)));
    const action = pick(FAULTS);
    if (!host || !action) return;
    logger.info({ follower: host.id, action }, "a random fault");
    const wait = HEAL_AFTER_MS.least + random.next() * (HEAL_AFTER_MS.most - HEAL_AFTER_MS.least);
    const happens = does(host, action);
    const cancel = clock.setTimer(() => void heal(host), wait);
    struck.set(host, { deeds: host.deeds, cancel });
    if (await happens) return;
    cancel();
    struck.delete(host);
  };
  const heal = async (host: Host): Promise<void> => {
    const ours = struck.get(host);
    ours?.cancel();
    struck.delete(host);
    // Somebody may have laid a hand on it since.
    if (ours?.deeds === host.deeds) await does(host, "restore");
  };
  const arm = (meanMs: number) => {
    cancelNext = clock.setTimer(
      () => {
        arm(meanMs);
        void strike();
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
      await Promise.all([...struck.keys()].map(heal));
    },
    close() {
      cancelNext();
      for (const { cancel } of struck.values()) cancel();
    },
  };
}
