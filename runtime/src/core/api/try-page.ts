/** `/api/`: Swagger UI on the house's own OpenAPI document, to try the API with the session that the browser has. */
import { dirname } from "node:path";
import { Router } from "express";

const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Skein: the API</title>
<link rel="stylesheet" href="./swagger-ui.css"><div id="api"></div>
<script src="./swagger-ui-bundle.js"></script><script src="./begin.js"></script></html>
`;
/** A file of its own: the page's policy takes no script that stands in it. */
const BEGIN = `SwaggerUIBundle({ url: "/api/v1/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });
`;
/** Nothing else of the package is served. */
const FILES = ["swagger-ui.css", "swagger-ui-bundle.js"];

export function tryPage(): Router {
  const root = dirname(require.resolve("swagger-ui-dist/package.json"));
  const router = Router();
  router.get("/", (req, res, next) => {
    // Its parts are found beside it, with the slash only.
    if (!req.originalUrl.startsWith("/api/")) return res.redirect("/api/");
    if (req.path !== "/") return next();
    res.type("html").set("cache-control", "no-cache").send(PAGE);
  });
  router.get("/begin.js", (_req, res) => void res.type("js").set("cache-control", "no-cache").send(BEGIN));
  for (const file of FILES) router.get(`/${file}`, (_req, res) => res.sendFile(file, { root }));
  return router;
}
