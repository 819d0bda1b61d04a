/**
 * What a node package's tarball says of itself, read without unpacking it: nothing of it is written to disk or run, and a
 * tarball that is broken, no Node-RED package, or swells beyond limits is an error that says so.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { SkeinError, messageOf } from "@skein/kit";
import { Parser, type ReadEntry } from "tar";
import { z } from "zod";

/** Largest tarball that is looked into, bytes. */
export const MAX_TARBALL_BYTES = 64 * 1024 * 1024;
/** Most bytes that it may swell to: a guard against gzip bombs. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
/** Of package.json and of one .html file, bytes. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024;

const packageJson = z.object({
  name: z
    .string()
    .max(214)
    .regex(/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/),
  description: z.string().max(2000).catch(""),
  keywords: z.array(z.string().max(100)).max(100).catch([]),
  homepage: z
    .string()
    .regex(/^https?:\/\//)
    .max(500)
    .optional()
    .catch(undefined),
  "node-red": z.object({
    nodes: z.record(z.string(), z.string()).catch({}),
    plugins: z.record(z.string(), z.string()).catch({}),
  }),
});

export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly homepage: string | undefined;
  /** Node types, as its .html files register them. */
  readonly types: readonly string[];
  /** Hex SHA-256 of the tarball. */
  readonly sha256: string;
}

/** @throws SkeinError TARBALL_INVALID */
export async function readPackage(file: string): Promise<PackageFacts> {
  const { manifest, pages, sha256 } = await readTexts(file).catch((error: unknown) => {
    throw error instanceof SkeinError
      ? error
      : new SkeinError("TARBALL_INVALID", `it cannot be read: ${messageOf(error)}.`, { cause: error });
  });
  if (manifest === undefined) throw new SkeinError("TARBALL_INVALID", "it holds no package.json.");
  const parsed = packageJson.safeParse(parseJson(manifest));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".");
    const why =
      where === "node-red" ? "it is no Node-RED package" : `its package.json has no usable "${where || "object"}"`;
    throw new SkeinError("TARBALL_INVALID", `${why}.`);
  }
  const { name, version, description, keywords, homepage } = parsed.data;
  return { name, version, description, keywords, homepage, types: typesIn(pages), sha256 };
}

/** The types that editor pages register: by their template's name, which every node with a dialog has, or by the call. */
export function typesIn(pages: readonly string[]): string[] {
  const found = pages.flatMap((page) =>
    [
      ...page.matchAll(/data-template-name=["']([^"'<>]{1,100})["']/g),
      ...page.matchAll(/registerType\(\s*["']([^"']{1,100})["']/g),
    ].map((match) => match[1] ?? ""),
  );
  return [...new Set(found)].filter((type) => type !== "").toSorted();
}

function readTexts(file: string): Promise<{ manifest: string | undefined; pages: string[]; sha256: string }> {
  return new Promise((resolve, reject) => {
    const hash = createHash("sha256");
    const pages: string[] = [];
    let manifest: string | undefined;
    let unpacked = 0;
    const input = createReadStream(file);
    const fail = (error: unknown): void => {
      input.destroy();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const text = (entry: ReadEntry, take: (text: string) => void): void => {
      if (entry.size > MAX_TEXT_BYTES) return fail(invalid(`${entry.path} is larger than ${MAX_TEXT_BYTES} bytes.`));
      const parts: Buffer[] = [];
      entry.on("data", (part: Buffer) => parts.push(part));
      entry.on("end", () => take(Buffer.concat(parts).toString("utf8")));
    };
    const parser = new Parser({
      strict: true,
      onReadEntry(entry) {
        unpacked += entry.size;
        if (unpacked > MAX_UNPACKED_BYTES) fail(invalid(`it swells to more than ${MAX_UNPACKED_BYTES} bytes.`));
        // npm strips the first folder, whatever its name is.
        else if (entry.type === "File" && /^[^/]+\/package\.json$/.test(entry.path))
          text(entry, (json) => (manifest = json));
        else if (entry.type === "File" && /^[^/]+\/(?!node_modules\/).+\.html$/.test(entry.path))
          text(entry, (page) => pages.push(page));
        entry.resume();
      },
    });
    // In the parser's own words: "invalid base256 encoding".
    parser.on("error", (cause) => fail(invalid("it is no npm package tarball, or a damaged one.", cause)));
    parser.on("end", () => resolve({ manifest, pages, sha256: hash.digest("hex") }));
    input.on("error", fail);
    input.on("data", (chunk) => {
      hash.update(chunk);
      if (!parser.write(chunk as Buffer)) {
        input.pause();
        parser.once("drain", () => input.resume());
      }
    });
    input.on("end", () => parser.end());
  });
}

const invalid = (message: string, cause?: unknown) => new SkeinError("TARBALL_INVALID", message, { cause });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
