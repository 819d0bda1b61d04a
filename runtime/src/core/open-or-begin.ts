/** For a document that is no great loss: one that cannot be read keeps no house down. */
import { renameSync } from "node:fs";
import { openDocument, type Document, type DocumentKind } from "@skein/kit";
import type { z } from "zod";

/** Puts the file aside when it cannot be read, and begins anew. @throws SkeinError DOCUMENT_UNREADABLE when it cannot be put aside either */
export function openOrBegin<S extends z.ZodType>(
  kind: DocumentKind<S> & { readonly file: string },
  now: number,
): { readonly document: Document<z.output<S>>; readonly putAside: string | undefined } {
  try {
    return { document: openDocument(kind), putAside: undefined };
  } catch (error) {
    const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "");
    const putAside = `${kind.file}.damaged-${stamp}`;
    try {
      renameSync(kind.file, putAside);
    } catch {
      throw error;
    }
    return { document: openDocument(kind), putAside };
  }
}
