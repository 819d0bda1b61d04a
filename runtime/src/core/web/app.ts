/** The leader's own pages: the dashboard's files, the API, /metrics and /healthz. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Registry } from "prom-client";
import express, { type Express, type RequestHandler, type Router } from "express";
import type { Logger } from "@skein/kit";
import { problemHandler, sendProblem } from "../api/problem";
import { unknownRoute } from "../api/api";
import { tryPage } from "../api/try-page";
import { authorise } from "../auth/authorise";
import type { ActorOf } from "../auth/identify";
import type { House } from "../house";
import { AREAS, type Area } from "./areas";

export interface AppParts {
  readonly api: Router;
  /** The palette's catalogue, mounted under /api/v1/palette. */
  readonly catalogue?: RequestHandler;
  readonly actorOf: ActorOf;
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
export function createApp({ api, catalogue, actorOf, house, metrics, dashboardDir, logger }: AppParts): Express {
  const app = express();
  const enter =
    (area: Area): RequestHandler =>
    (req, _res, next) => {
      // Who comes through an open door is not asked who he is.
      if (area.access !== "public") authorise(actorOf(req), area);
      next();
    };
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.use((_req, res, next) => {
    res.set("content-security-policy", CSP);
    next();
  });
  if (catalogue) {
    app.get("/api/v1/palette/catalogue.json", enter(AREAS.catalogue));
    app.use("/api/v1/palette/tarballs", enter(AREAS.tarballs));
    app.use("/api/v1/palette", catalogue);
  }
  app.use("/api/v1", api);
  app.use("/api", enter(AREAS.tryPage), tryPage());
  app.use("/api", unknownRoute);
  app.get("/healthz", enter(AREAS.health), (_req, res) => {
    const health = house.health();
    res
      .status(health.ok ? 200 : 503)
      .set("cache-control", "no-store")
      .json(health);
  });
  app.get("/metrics", enter(AREAS.metrics), async (_req, res) => {
    res
      .set("cache-control", "no-store")
      .type(metrics.contentType)
      .send(await metrics.metrics());
  });
  app.use(enter(AREAS.page));
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
