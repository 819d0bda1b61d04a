/**
 * A small thing that the leader must not forget (accounts, rooms, open notices): one JSON document, whole in memory, checked by its
 * schema, and on the disk before whoever changed it is told that it is so.
 */
import { readFileSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";
import { check } from "./check";
import { SkeinError, hasCode, messageOf } from "./errors";

export interface Document<T> {
  /** As it stands on the disk. Never changed in place. */
  readonly value: T;
  /**
   * Makes the next one of the present one, one change after the other; resolves when it is on the disk. When `change` throws, or the
   * disk does not take it, all stays as it was. To give back the very same object is no change.
   * @throws SkeinError DOCUMENT_UNWRITABLE, and what `change` throws
   */
  update(change: (value: T) => T): Promise<T>;
}

/** What stands in a document: one value for whoever opens it, and for whoever only wants to know whether it can be opened. */
export interface DocumentKind<S extends z.ZodType> {
  /** Its file's, below the folder of whoever keeps it. */
  readonly name: string;
  readonly schema: S;
  /** When there is no file yet. */
  readonly empty: z.output<S>;
}

export const defineDocument = <S extends z.ZodType>(kind: DocumentKind<S>): DocumentKind<S> => kind;

/** Whether it is fit to be opened, or not there. @throws SkeinError DOCUMENT_UNREADABLE */
export function checkDocument(file: string, { schema }: Pick<DocumentKind<z.ZodType>, "schema">): void {
  read(file, schema);
}

/** @throws SkeinError DOCUMENT_UNREADABLE: with half of the accounts nobody shall go on */
export function openDocument<S extends z.ZodType>({
  file,
  schema,
  empty,
}: Omit<DocumentKind<S>, "name"> & { readonly file: string }): Document<z.output<S>> {
  type Value = z.output<S>;
  let value = read(file, schema) ?? empty;
  let last: Promise<unknown> = Promise.resolve();
  return {
    get value() {
      return value;
    },
    update(change) {
      const turn = inTurn(last, change);
      last = turn.catch(() => {});
      return turn;
    },
  };

  async function inTurn(before: Promise<unknown>, change: (from: Value) => Value): Promise<Value> {
    await before;
    const next = change(value);
    if (next === value) return value;
    await write(file, `${JSON.stringify(next, null, 1)}\n`);
    return (value = next);
  }
}

function read<S extends z.ZodType>(file: string, schema: S): z.output<S> | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw unreadable(file, messageOf(error));
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw unreadable(file, "it is no JSON");
  }
  const result = check(schema, raw);
  if (!result.ok) throw unreadable(file, result.wrong);
  return result.data;
}

const unreadable = (file: string, why: string): SkeinError =>
  new SkeinError("DOCUMENT_UNREADABLE", `cannot read ${file}: ${why.replace(/\.$/, "")}.`, {
    hint: "Mend it, put it back from a backup, or move it away to begin it anew.",
  });

/** Aside, synced, renamed, and the folder synced: the old one or the new one, whatever happens to the power. @throws SkeinError DOCUMENT_UNWRITABLE: it is the old one */
async function write(file: string, text: string): Promise<void> {
  const aside = `${file}.${process.pid}.next`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await synced(aside, "w", (handle) => handle.writeFile(text));
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw new SkeinError("DOCUMENT_UNWRITABLE", `cannot write ${file}: ${messageOf(error)}.`, {
      hint: "Nothing was changed. Is the disk full?",
      cause: error,
    });
  }
  // It is in its place, and read from there from now on, also where the folder cannot be synced: then a power cut may undo it.
  await synced(dirname(file), "r", () => {}).catch(() => {});
}

async function synced(
  path: string,
  flags: string,
  work: (handle: Awaited<ReturnType<typeof open>>) => unknown,
): Promise<void> {
  const handle = await open(path, flags, 0o600);
  try {
    await work(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
