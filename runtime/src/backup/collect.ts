/** Which files of a data directory a backup holds; docs/backup.md says why the others stay out. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "@skein/kit";

const ROOTS = ["kind", "skein.yaml", "core", "flows", "palette", "secrets"];
/** Who was logged in, one-time links and answers that were given already are worth nothing tomorrow; modules are installed anew. */
const LEFT_OUT = [
  /^core\/(sessions|login-links|idempotency)\b/,
  /^core\/commands\.jsonl/,
  /(^|\/)node_modules(\/|$)/,
  /\.next$/,
  /\.bad-\d+$/,
];

/** Paths below `dataDir`, with `/`, sorted. Links and sockets are no files of ours. */
export async function filesToKeep(dataDir: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(dataDir, path), { withFileTypes: true }).catch(nothingThere)) {
      const below = path === "" ? entry.name : `${path}/${entry.name}`;
      if ((path === "" && !ROOTS.includes(entry.name)) || LEFT_OUT.some((out) => out.test(below))) continue;
      if (entry.isDirectory()) await look(below);
      else if (entry.isFile()) found.push(below);
    }
  };
  await look("");
  return found.toSorted();
}

function nothingThere(error: unknown): never[] {
  // Removed while we looked.
  if (hasCode(error, "ENOENT")) return [];
  throw error;
}
