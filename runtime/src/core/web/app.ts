/** The leader's own pages: the dashboard's files, the API, /metrics and /healthz. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Registry } from "prom-client";
import express, { type Express, type RequestHandler, type Router } from "express";
import type { Logger } from "@skein/kit";
import { problemHandler, sendProblem } from "../api/problem";
import { unknownRoute } from "../api/api";
import type { House } from "../house";

export interface AppParts {
  readonly api: Router;
  /** The palette's catalogue, mounted under /api/v1/palette. */
  readonly catalogue?: RequestHandler;
  readonly house: Pick<House, "health">;
  readonly metrics: Registry;
  /** Vite's output. */
  readonly dashboardDir: string;
  readonly logger: Logger;
}

/** Vite puts a hash into the names of what it builds there, so that it never changes. */
const FOR_EVER = "public, max-age=31536000, immutable";
const CSP =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'";

/** Everything that the leader itself answers over HTTP; without a built page in `dashboardDir` the rest still works. */
export function createApp({ api, catalogue, house, metrics, dashboardDir, logger }: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.use((_req, res, next) => {
    res.set("content-security-policy", CSP);
    next();
  });
  if (catalogue) app.use("/api/v1/palette", catalogue);
  app.use("/api/v1", api);
  app.use("/api", unknownRoute);
  app.get("/healthz", (_req, res) => {
    const health = house.health();
    res
      .status(health.ok ? 200 : 503)
      .set("cache-control", "no-store")
      .json(health);
  });
  app.get("/metrics", async (_req, res) => {
    res
      .set("cache-control", "no-store")
      .type(metrics.contentType)
      .send(await metrics.metrics());
  });
  if (existsSync(join(dashboardDir, "index.html"))) {
    app.use(
      express.static(dashboardDir, {
        setHeaders: (res, path) => res.setHeader("cache-control", path.includes("/assets/") ? FOR_EVER : "no-cache"),
      }),
    );
  } else {
    app.get("/", (_req, res) => res.status(503).type("text/plain").send("The page is not built. Run: npm run build\n"));
  }
  app.use((req, res) => {
    if (req.accepts("html", "json") !== "html")
      return sendProblem(res, { code: "ROUTE_UNKNOWN", detail: `there is no ${req.method} ${req.path}.` });
    res.status(404).type("html").send(NOT_FOUND);
  });
  return app.use(problemHandler(logger));
}

const NOT_FOUND = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Skein: not found</title>
<p>There is no such page here. <a href="/">Who is alive</a>, <a href="/editor/">the editor</a>.</p></html>
`;
