/** What a backup says of itself: its first entry, `manifest.json`. */
import { z } from "zod";

export const MANIFEST = "manifest.json";

/** Below the data directory, with `/`; nothing that leads out of it, and no name that only some systems take. */
const path = z
  .string()
  .max(1000)
  .refine(
    (text) => text.split("/").every((part) => part !== "" && part !== "." && part !== "..") && !/[\\\0]/.test(text),
    "must be a path below the data directory",
  );

/** The backup's own form, as this Skein makes it. */
const FORMAT = 1;

/** What every manifest has, a later Skein's too: so that it can be told from a damaged one. */
export const manifestHead = z.object({
  format: z.int().min(1),
  /** Of the Skein that made it. */
  version: z.string().max(64),
  createdAt: z.number(),
});

export const manifestSchema = z.strictObject({
  ...manifestHead.shape,
  format: z.literal(FORMAT),
  files: z
    .array(z.strictObject({ path, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(100_000),
});
export type Manifest = z.output<typeof manifestSchema>;

/** Whether what is inside comes of a newer release than this one, whose files we may not understand. */
export function isNewer({ format, version }: z.output<typeof manifestHead>, than: string): boolean {
  if (format > FORMAT) return true;
  const parts = (text: string) => text.split(/[.+-]/).slice(0, 2).map(Number);
  const [major = 0, minor = 0] = parts(version);
  const [ourMajor = 0, ourMinor = 0] = parts(than);
  return major > ourMajor || (major === ourMajor && minor > ourMinor);
}
