/** The registry's file: its shape, and how as much as possible is read from one that is partly broken. */
import { copyFileSync, renameSync, statSync } from "node:fs";
import type { FleetWatchOptions } from "@skein/fleet";
import { birth, verdictSchema } from "@skein/contracts";
import { messageOf, type Logger } from "@skein/kit";
import { z } from "zod";
import { readIfThere } from "./read-if-there";
import type { ForgottenLife } from "./forgotten";
import type { OngoingLoss } from "./mass-loss";

export type Remembered = NonNullable<FleetWatchOptions["remembered"]>[number];

export interface Kept {
  readonly followers: readonly Remembered[];
  readonly forgotten: readonly ForgottenLife[];
  readonly massLoss?: OngoingLoss | undefined;
}

const followerSchema = z.object({
  id: z.string(),
  verdict: verdictSchema,
  birth: birth.schema.optional(),
  // Tell a reconnection from a restart of the agent.
  run: z.string().optional(),
  session: z.string().optional(),
  // How often it beats: after a restart it is judged by that from the beginning.
  beatMs: z.number().optional(),
});
const forgottenSchema = z.object({
  id: z.string(),
  run: z.string().optional(),
  session: z.string().optional(),
  removed: z.boolean().optional(),
});
const massLossSchema = z.object({
  since: z.number(),
  of: z.int(),
  followers: z.array(z.string()),
  away: z.array(z.string()),
});
const fileSchema = z.object({
  version: z.literal(1),
  followers: z.array(z.unknown()),
  forgotten: z.array(z.unknown()).default([]),
  massLoss: z.unknown().optional(),
});

/**
 * What the file remembers. Entries that make no sense are left out, one by one, and a file that does not as a whole: followers make
 * themselves known again, and a house that does not start helps nobody. Either way the file is put aside first, for people.
 */
export function readRegistry(file: string, logger: Logger): Kept {
  let text: string | undefined;
  try {
    text = readIfThere(file);
    if (text === undefined) return { followers: [], forgotten: [] };
    const raw = fileSchema.parse(JSON.parse(text));
    const followers = fitting(followerSchema, raw.followers);
    const forgotten = fitting(forgottenSchema, raw.forgotten);
    const massLoss = massLossSchema.optional().safeParse(raw.massLoss);
    const bad =
      raw.followers.length - followers.length + raw.forgotten.length - forgotten.length + Number(!massLoss.success);
    if (bad > 0)
      logger.error(
        { code: "REGISTRY_UNREADABLE", bad, aside: putAside(file, copyFileSync) },
        `${bad} of the entries in ${file} cannot be read and are left out`,
      );
    return { followers, forgotten, massLoss: massLoss.data };
  } catch (error) {
    const aside = text === undefined ? undefined : putAside(file, renameSync);
    logger.error(
      { code: "REGISTRY_UNREADABLE", aside },
      `${file} cannot be read and is started anew: ${messageOf(error)}`,
    );
    return { followers: [], forgotten: [] };
  }
}

function fitting<S extends z.ZodType>(schema: S, entries: readonly unknown[]): z.output<S>[] {
  return entries.flatMap((entry) => {
    const result = schema.safeParse(entry);
    return result.success ? [result.data] : [];
  });
}

/**
 * Where it is now; undefined when that failed. It is named by its own time, so that one file that is read again and again is kept
 * once; what is partly good stays in its place too, until the next write.
 */
function putAside(file: string, how: (from: string, to: string) => void): string | undefined {
  try {
    const aside = `${file}.bad-${Math.trunc(statSync(file).mtimeMs)}`;
    how(file, aside);
    return aside;
  } catch {
    return undefined;
  }
}
