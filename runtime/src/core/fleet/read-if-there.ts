import { readFileSync } from "node:fs";
import { hasCode } from "@skein/kit";

/** A small file's text; undefined when there is none. @throws what node:fs throws otherwise */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
