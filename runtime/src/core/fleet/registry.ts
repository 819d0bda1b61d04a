/** What core knows of its followers, kept on disk so that a restart of core is no news to anybody. */
import type { FleetWatchOptions, Watched } from "@skein/fleet";
import { birth, verdictSchema } from "@skein/contracts";
import { messageOf, writeAtomically, type CancelTimer, type Clock, type Logger } from "@skein/kit";
import { z } from "zod";
import { readIfThere } from "./atomic-file";
import type { ForgottenLife } from "./forgotten";
import type { OngoingLoss } from "./mass-loss";

export type Remembered = NonNullable<FleetWatchOptions["remembered"]>[number];

const fileSchema = z.object({
  version: z.literal(1),
  followers: z.array(
    z.object({
      id: z.string(),
      verdict: verdictSchema,
      birth: birth.schema.optional(),
      // Tell a reconnection from a restart of the agent.
      run: z.string().optional(),
      session: z.string().optional(),
      // How often it beats: after a restart it is judged by that from the beginning.
      beatMs: z.number().optional(),
    }),
  ),
  forgotten: z
    .array(z.object({ id: z.string(), run: z.string().optional(), session: z.string().optional() }))
    .default([]),
  massLoss: z.object({ since: z.number(), followers: z.array(z.string()), away: z.array(z.string()) }).optional(),
});

/** Changes this close together are one write, ms. */
const GATHER_MS = 500;
/** After a write that failed (a full disk), the next attempt, ms. */
const RETRY_MS = 5_000;

export interface Registry {
  readonly remembered: readonly Remembered[];
  readonly forgotten: readonly ForgottenLife[];
  readonly massLoss?: OngoingLoss | undefined;
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
  const last = read(file, parts.logger);
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

interface Kept {
  readonly followers: readonly Remembered[];
  readonly forgotten: readonly ForgottenLife[];
  readonly massLoss?: OngoingLoss | undefined;
}

const remember = ({ id, verdict, birth, run, session, beatMs }: Watched): Remembered => ({
  id,
  verdict,
  ...(birth && { birth }),
  ...(run !== undefined && { run }),
  ...(session !== undefined && { session }),
  ...(beatMs !== undefined && { beatMs }),
});

/** A registry that cannot be read is said and put aside: followers make themselves known again, a house that does not start helps nobody. */
function read(file: string, logger: Logger): Kept {
  try {
    const text = readIfThere(file);
    if (text !== undefined) return fileSchema.parse(JSON.parse(text));
  } catch (error) {
    logger.error({ code: "REGISTRY_UNREADABLE" }, `${file} cannot be read and is started anew: ${messageOf(error)}`);
  }
  return { followers: [], forgotten: [] };
}
