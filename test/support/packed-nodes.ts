import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(__dirname, "../..");

export interface PackedNodes {
  /** Where they lie. */
  readonly folder: string;
  /** The tarball of a package. */
  file(name: string): string;
}

/** The tarballs of our node packages, packed anew when a source has changed. */
export async function packedNodes(): Promise<PackedNodes> {
  await promisify(execFile)(process.execPath, [join(root, "runtime/bootstrap/pack-nodes.mjs"), "--quiet"]);
  const folder = join(root, "dist/nodes");
  const index = JSON.parse(readFileSync(join(folder, "packed.json"), "utf8")) as Record<string, { file: string }>;
  return {
    folder,
    file(name) {
      const found = index[name];
      if (!found) throw new Error(`there is no packed ${name}`);
      return join(folder, found.file);
    },
  };
}
