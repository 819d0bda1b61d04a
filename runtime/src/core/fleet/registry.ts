/** What core knows of its followers, kept on disk so that a restart of core is no news to anybody. */
import type { Watched } from "@skein/fleet";
import { messageOf, writeAtomically, type CancelTimer, type Clock, type Logger } from "@skein/kit";
import type { ForgottenLife } from "./forgotten";
import type { OngoingLoss } from "./mass-loss";
import { readRegistry, type Kept, type Remembered } from "./registry-file";

/** Changes this close together are one write, ms. */
const GATHER_MS = 500;
/** After a write that failed (a full disk), the next attempt, ms. */
const RETRY_MS = 5_000;

export interface Registry extends Omit<Kept, "followers"> {
  readonly remembered: readonly Remembered[];
  /** Something in `current` changed: it is written soon. */
  touch(): void;
  /** Writes what is not yet written. */
  flush(): void;
}

export function openRegistry(
  file: string,
  current: () => {
    followers: readonly Watched[];
    forgotten: readonly ForgottenLife[];
    massLoss?: OngoingLoss | undefined;
  },
  parts: { clock: Clock; logger: Logger },
): Registry {
  let pending: CancelTimer | undefined;
  let gatherMs = GATHER_MS;
  const last = readRegistry(file, parts.logger);
  const write = () => {
    pending?.();
    pending = undefined;
    const { followers, forgotten, massLoss } = current();
    const begun = parts.clock.monotonic();
    try {
      writeAtomically(file, JSON.stringify({ version: 1, followers: followers.map(remember), forgotten, massLoss }));
    } catch (error) {
      parts.logger.error(
        { code: "REGISTRY_NOT_WRITTEN" },
        `the registry of followers could not be written: ${messageOf(error)}`,
      );
      pending = parts.clock.setTimer(write, RETRY_MS, { unref: true });
    }
    // A large house takes a while to write down, and nothing else happens meanwhile: less often, then.
    gatherMs = Math.max(GATHER_MS, 50 * (parts.clock.monotonic() - begun));
  };
  return {
    remembered: last.followers,
    forgotten: last.forgotten,
    massLoss: last.massLoss,
    touch: () => (pending ??= parts.clock.setTimer(write, gatherMs, { unref: true })),
    flush: () => pending && write(),
  };
}

const remember = ({ id, verdict, birth, run, session, beatMs }: Watched): Remembered => ({
  id,
  verdict,
  ...(birth && { birth }),
  ...(run !== undefined && { run }),
  ...(session !== undefined && { session }),
  ...(beatMs !== undefined && { beatMs }),
});
