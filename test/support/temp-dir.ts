import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TempDir {
  readonly path: string;
  join(...names: string[]): string;
  remove(): void;
}

/** A directory of the test's own; remove it in `afterAll` (or a `finally`). */
export function tempDir(prefix = "skein-"): TempDir {
  const path = mkdtempSync(join(tmpdir(), prefix));
  return {
    path,
    join: (...names) => join(path, ...names),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}
