/**
 * The tarballs that the palette manager may offer: whatever lies in some folders, looked at anew at every question, each
 * file read once per change. A bad one is named and left out, and never keeps the others from being offered.
 */
import { existsSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { SkeinError, hasCode, messageOf, type Logger } from "@skein/kit";
import { MAX_TARBALL_BYTES, readPackage, type PackageFacts } from "./read-package";

export interface ShelfItem {
  readonly facts: PackageFacts;
  readonly folder: string;
  readonly file: string;
  /** When the file was last changed, ms since 1970. */
  readonly changedAt: number;
}

export interface ShelfView {
  /** One for each package name: its highest version; among equals the later folder's, so that the owner's wins over ours. */
  readonly offered: readonly ShelfItem[];
  readonly skipped: readonly { readonly file: string; readonly why: string }[];
}

export interface Shelf {
  look(): Promise<ShelfView>;
  /** What lies under this content hash, if `look` has seen it and it has not changed since. */
  find(sha256: string, file: string): Promise<ShelfItem | undefined>;
}

type Read = { readonly facts: PackageFacts } | { readonly why: string };

export function createShelf(folders: readonly string[], logger: Logger): Shelf {
  const read = new Map<string, { readonly stamp: string; readonly result: Promise<Read> }>();

  const readOnce = (path: string, stamp: string, size: number): Promise<Read> => {
    const known = read.get(path);
    if (known?.stamp === stamp) return known.result;
    const result = readOrSay(path, size, logger);
    read.set(path, { stamp, result });
    return result;
  };

  const lookInto = async (
    folder: string,
  ): Promise<{ items: ShelfItem[]; skipped: { file: string; why: string }[] }> => {
    const items: ShelfItem[] = [];
    const skipped: { file: string; why: string }[] = [];
    for (const file of (await namesIn(folder)).filter((name) => /\.(tgz|tar\.gz)$/i.test(name))) {
      const path = join(folder, file);
      const stat = await lstat(path).catch(() => undefined);
      if (!stat) continue;
      if (!stat.isFile()) {
        skipped.push({ file, why: "it is a link or a folder, no file." });
        continue;
      }
      const result = await readOnce(path, `${stat.ino}:${stat.size}:${stat.mtimeMs}`, stat.size);
      if ("why" in result) skipped.push({ file, why: result.why });
      else items.push({ facts: result.facts, folder, file, changedAt: stat.mtimeMs });
    }
    return { items, skipped };
  };

  const lookAll = async () => {
    const all = [];
    for (const folder of folders) all.push(await lookInto(folder));
    return { items: all.flatMap(({ items }) => items), skipped: all.flatMap(({ skipped }) => skipped) };
  };

  return {
    async look() {
      const { items, skipped } = await lookAll();
      const best = new Map<string, ShelfItem>();
      for (const item of items) {
        const other = best.get(item.facts.name);
        if (!other || compareVersions(item.facts.version, other.facts.version) >= 0) best.set(item.facts.name, item);
      }
      return { offered: [...best.values()].toSorted((a, b) => (a.facts.name < b.facts.name ? -1 : 1)), skipped };
    },
    async find(sha256, file) {
      const { items } = await lookAll();
      return items.find((item) => item.facts.sha256 === sha256 && item.file === file);
    },
  };
}

async function readOrSay(path: string, size: number, logger: Logger): Promise<Read> {
  try {
    if (size > MAX_TARBALL_BYTES)
      throw new SkeinError("TARBALL_INVALID", `it is larger than ${MAX_TARBALL_BYTES} bytes.`);
    return { facts: await readPackage(path) };
  } catch (error) {
    const why = messageOf(error);
    logger.warn(
      { file: path, code: hasCode(error) ? error.code : undefined },
      `left out of the palette catalogue: ${why}`,
    );
    return { why };
  }
}

/** A folder that is not there is empty: the owner makes `palette/` when there is something to put into it. */
async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? (await readdir(folder)).toSorted() : [];
}

/** Semantic Versioning 2.0.0, clause 11, as far as a choice between two tarballs needs it. */
export function compareVersions(a: string, b: string): number {
  const parse = (version: string) => {
    const [core = "", pre] = (version.split("+")[0] ?? "").split(/-(.*)/s);
    return { core: core.split(".").map(Number), pre: pre === undefined ? [] : pre.split(".") };
  };
  const left = parse(a);
  const right = parse(b);
  for (let i = 0; i < 3; i++) {
    const difference = (left.core[i] ?? 0) - (right.core[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length;
  for (let i = 0; i < Math.max(left.pre.length, right.pre.length); i++) {
    const [x, y] = [left.pre[i], right.pre[i]];
    if (x === y) continue;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const [numericX, numericY] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (numericX && numericY) return Number(x) - Number(y);
    if (numericX !== numericY) return numericX ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}
