/**
 * The palette catalogue that the leader serves itself: our packed node packages, and whatever tarballs the owner puts into
 * `<dataDir>/palette/`. The editor reads `catalogue.json` in the browser; when the owner presses *install*, the flow host's
 * npm fetches `pkg_url` from core over loopback, with no Origin header. Nothing is asked of the outside.
 *
 * A tarball's address contains its content's hash: a file that changes gets a new address (npm remembers what it found at
 * an old one), and what a request names is looked up in what was found, never made into a path.
 */
import { Router } from "express";
import type { Logger } from "@skein/kit";
import { sendProblem } from "../api/problem";
import { createShelf, type ShelfItem } from "./shelf";

export interface CatalogueOptions {
  /** Where tarballs lie; a later folder wins over an earlier one at the same version. */
  readonly folders: readonly string[];
  /** The address under which the flow host's npm reaches core, without a path: `http://127.0.0.1:1880`. */
  readonly baseUrl: () => string;
  readonly logger: Logger;
  /** What the palette manager calls this catalogue. Default "Skein". */
  readonly name?: string;
}

/** As Node-RED's palette manager reads it (editor-client, palette-editor.js, handleCatalogResponse). */
export interface CatalogueEntry {
  readonly id: string;
  readonly version: string;
  readonly description: string;
  readonly updated_at: string;
  readonly types: readonly string[];
  readonly keywords: readonly string[];
  readonly url: string;
  readonly pkg_url: string;
}

/** Mount it at `/api/v1/palette`: answers `GET catalogue.json` and `GET tarballs/{sha256}/{file}`. */
export function createCatalogue({ folders, baseUrl, logger, name = "Skein" }: CatalogueOptions): Router {
  const shelf = createShelf(folders, logger);
  const router = Router();

  // Express 5 hands a rejected promise of a handler on as an error.
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers
  router.get("/catalogue.json", async (request, response) => {
    const { offered, skipped } = await shelf.look();
    const newest = Math.max(0, ...offered.map(({ changedAt }) => changedAt));
    response.set("Cache-Control", "no-cache").json({
      name,
      updated_at: new Date(newest).toISOString(),
      modules: offered.map((item) => entryOf(item, `${baseUrl()}${request.baseUrl}`)),
      // Not part of Node-RED's format, which ignores it: what lies there and cannot be offered, with the reason.
      skipped,
    });
  });

  // oxlint-disable-next-line oxc/no-async-endpoint-handlers
  router.get("/tarballs/:sha256/:file", async (request, response) => {
    const item = await shelf.find(request.params.sha256, request.params.file);
    if (!item)
      return sendProblem(response, {
        code: "TARBALL_NOT_FOUND",
        detail: "there is no such tarball; refresh the palette manager's list.",
      });
    response.type("application/gzip").set("Cache-Control", "no-cache");
    response.sendFile(item.file, { root: item.folder, dotfiles: "allow" });
  });

  return router;
}

function entryOf({ facts, file, changedAt }: ShelfItem, mount: string): CatalogueEntry {
  const pkgUrl = `${mount}/tarballs/${facts.sha256}/${encodeURIComponent(file)}`;
  return {
    id: facts.name,
    version: facts.version,
    description: facts.description,
    updated_at: new Date(changedAt).toISOString(),
    types: facts.types,
    keywords: facts.keywords,
    url: facts.homepage ?? pkgUrl,
    pkg_url: pkgUrl,
  };
}
