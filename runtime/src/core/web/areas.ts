/**
 * What lies beside the API's routes, and who may enter: app.ts and gate.ts open no door that stands not here, and docs/access.md is made
 * of the same list.
 */
import type { Guarded } from "../auth/authorise";

export interface Area extends Guarded {
  /** Requests that stand for it: `GET /metrics`. */
  readonly requests: readonly string[];
}

export const AREAS = {
  page: { access: "public", requests: ["GET /"] },
  health: { access: "public", requests: ["GET /healthz"] },
  metrics: { access: "viewer", scopes: ["read", "metrics"], requests: ["GET /metrics"] },
  /** The page on which the API is tried, with the session that the browser has. */
  tryPage: { access: "public", requests: ["GET /api/", "GET /api/swagger-ui.css"] },
  catalogue: { access: "designer", requests: ["GET /api/v1/palette/catalogue.json"] },
  /** The flow host's npm fetches them without a login; their addresses bear their own hash. */
  tarballs: { access: "public", requests: ["GET /api/v1/palette/tarballs/{sha256}/{file}"] },
  editor: { access: "designer", requests: ["GET /editor/", "POST /editor/flows", "UPGRADE /editor/comms"] },
  /** Of a flow's own routes those that are not open to everybody. */
  hooks: { access: "operator", scopes: ["hooks"], requests: ["POST /hooks/closed"] },
} as const satisfies Record<string, Area>;
