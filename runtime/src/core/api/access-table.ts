/**
 * Who may do what, as one table: the routes of the API, the orders of the page's socket, and the areas beside the API. docs/access.md
 * is made of it, and access.test.ts asks a real core for every row.
 */
import { mayAct, ROLES, scopeOfRole, type Role } from "@skein/contracts";
import type { Access, Guarded } from "../auth/authorise";
import { ORDERS } from "../live/orders";
import { LOOK_ON } from "../live/live";
import { AREAS, type Area } from "../web/areas";
import { listedRoutes } from "./routes";

export interface AccessRow extends Guarded {
  readonly kind: "route" | "order" | "area";
  /** `GET /api/v1/followers`, `socket: maintenance`, `GET /editor/`. */
  readonly what: string;
}

/** One row a request. */
const areas: readonly AccessRow[] = Object.values<Area>(AREAS).flatMap(({ requests, ...guarded }) =>
  requests.map((what) => ({ kind: "area", what, ...guarded })),
);

export function accessTable(version: string): AccessRow[] {
  return [
    ...listedRoutes(version).map(({ method, path, access, scopes }) => ({
      kind: "route" as const,
      what: `${method.toUpperCase()} /api/v1${path}`,
      access,
      ...(scopes && { scopes }),
    })),
    { kind: "order", what: "socket: (to look on)", ...LOOK_ON },
    ...Object.entries(ORDERS).map(([name, guarded]) => ({
      kind: "order" as const,
      what: `socket: ${name}`,
      ...guarded,
    })),
    ...areas,
  ];
}

export const mayRole = (role: Role | "nobody", access: Access): boolean =>
  access === "public" || (role !== "nobody" && mayAct(role, access));

/** The table for people. */
export function accessMarkdown(version: string): string {
  const columns = ["nobody", ...ROLES] as const;
  const lines = accessTable(version).map(({ what, access, scopes }) => {
    const cells = columns.map((role) => (mayRole(role, access) ? "yes" : "-"));
    const wanted = access === "public" ? "none needed" : (scopes ?? [scopeOfRole[access]]).join(" or ");
    return `| \`${what}\` | ${cells.join(" | ")} | ${wanted} |`;
  });
  return [
    `| what | ${columns.join(" | ")} | scope of a token |`,
    `| --- | ${columns.map(() => "---").join(" | ")} | --- |`,
    ...lines,
  ].join("\n");
}
