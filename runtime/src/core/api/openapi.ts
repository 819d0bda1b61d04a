/**
 * The API as an OpenAPI 3.1 document, made of the same list of routes that the router is made of: what it says is what is checked.
 * Public, as the code is: it tells a stranger nothing that the repository does not.
 */
import { problemView, scopeOfRole } from "@skein/contracts";
import type { z } from "zod";
import { cookieName } from "../auth/identify";
import { createSchemaBook, type Direction, type JsonSchema } from "./openapi-schemas";
import { PROBLEM_TYPE, statusOf } from "./problem";
import type { Route } from "./route";

export interface OpenApiInfo {
  /** Of the release. */
  readonly version: string;
  /** Of the leader, which the session's cookie is named by. */
  readonly port: number;
}

type Of = (schema: z.ZodType, direction: Direction) => JsonSchema;

/** A document that stands by itself; the same routes give the same one. */
export function openApiDocument(routes: readonly Route[], { version, port }: OpenApiInfo): JsonSchema {
  const book = createSchemaBook();
  book.add(problemView, "output");
  for (const { params, query, body, response } of routes) {
    for (const schema of [params, query]) if (schema) book.addParameters(schema);
    if (body) book.add(body, "input");
    if (response) book.add(response, "output");
  }
  const { of, components } = book.finish();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route, of);
  return {
    openapi: "3.1.1",
    info: {
      title: "Skein",
      version,
      description:
        "What the house knows and what may be done to it. Errors are problem details (RFC 9457) with a stable `code`: docs/errors.md.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/api/v1" }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      responses: {
        Problem: {
          description: "It went wrong; `code` says how.",
          content: { [PROBLEM_TYPE]: { schema: of(problemView, "output") } },
        },
      },
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: cookieName(port), description: "A browser that is logged in." },
        token: {
          type: "http",
          scheme: "bearer",
          description: "An API token; its scopes stand where it is asked for, any one of the alternatives will do.",
        },
      },
    },
  };
}

function operation(route: Route, of: Of): JsonSchema {
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [tagOf(route)],
    "x-skein-role": route.access,
    security: securityOf(route),
    parameters: [
      ...parametersOf(route, of),
      ...(takesKey(route) ? [IDEMPOTENCY_KEY] : []),
      ...(route.current ? [IF_MATCH] : []),
    ],
    ...bodyOf(route, of),
    responses: { ...answerOf(route, of), ...problemsOf(route) },
  };
}

/** The session of somebody whose role is enough, or a token with one of the scopes. */
function securityOf({ access, scopes }: Route): JsonSchema[] {
  if (access === "public") return [];
  return [{ session: [] }, ...(scopes ?? [scopeOfRole[access]]).map((scope) => ({ token: [scope] }))];
}

/** Path parameters are those of the path, also where a route has no schema for them. */
function parametersOf({ path, params, query }: Route, of: Of): JsonSchema[] {
  const inPath = propertiesOf(params && of(params, "input"));
  const inQuery = query ? of(query, "input") : {};
  const needed = (inQuery["required"] ?? []) as string[];
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
      name,
      in: "path",
      required: true,
      schema: inPath[name] ?? { type: "string" },
    })),
    ...Object.entries(propertiesOf(inQuery)).map(([name, schema]) => ({
      name,
      in: "query",
      required: needed.includes(name),
      schema,
    })),
  ];
}

const propertiesOf = (schema: JsonSchema | undefined) => (schema?.["properties"] ?? {}) as Record<string, JsonSchema>;

function bodyOf({ body, consumes }: Route, of: Of): JsonSchema {
  if (consumes !== undefined) return { requestBody: { required: true, content: { [consumes]: { schema: {} } } } };
  if (!body) return {};
  // One whose every field may be left out may be left out itself.
  const required = !body.safeParse({}).success;
  return { requestBody: { required, content: { "application/json": { schema: of(body, "input") } } } };
}

function answerOf({ method, response, status, produces, current }: Route, of: Of): JsonSchema {
  if (produces !== undefined)
    return { [status ?? 200]: { description: "Done.", content: { [produces]: { schema: { type: "string" } } } } };
  if (!response) return { [status ?? 204]: { description: "Done." } };
  return {
    [status ?? 200]: {
      description: "Done.",
      ...((method === "get" || current) && { headers: { ETag: { schema: { type: "string" } } } }),
      content: { "application/json": { schema: of(response, "output") } },
    },
    ...(method === "get" && { 304: { description: "It is still what `If-None-Match` names." } }),
  };
}

/** Each status once, with the codes that come with it. */
function problemsOf(route: Route): JsonSchema {
  const { access, path, query, body, consumes, current, errors = [] } = route;
  const codes = [
    ...(query || body || /\{/.test(path) ? ["REQUEST_INVALID"] : []),
    ...(body && consumes === undefined ? ["BODY_INVALID", "BODY_NOT_JSON", "BODY_TOO_DEEP"] : []),
    ...(body || consumes !== undefined ? ["BODY_TOO_LARGE"] : []),
    ...(access === "public" ? [] : ["LOGIN_NEEDED", "ACCESS_DENIED", "SCOPE_MISSING"]),
    ...(current ? ["PRECONDITION_FAILED"] : []),
    ...(takesKey(route) ? IDEMPOTENCY_CODES : []),
    ...errors,
    "INTERNAL_ERROR",
  ];
  const statuses = [...new Set(codes.map(statusOf))].toSorted((a, b) => a - b);
  // What stands beside a reference goes before what it refers to (OpenAPI 3.1.1, 4.8.23).
  const problem = (description: string) => ({ $ref: "#/components/responses/Problem", description });
  return Object.fromEntries(
    statuses.map((status) => {
      const its = new Set(codes.filter((code) => statusOf(code) === status));
      return [status, problem(`${[...its].join(", ")}.`)];
    }),
  );
}

/** `post /followers/{id}/maintenance` is `postFollowersByIdMaintenance`: what generated clients name their functions by. */
const operationId = ({ method, path }: Route): string =>
  method +
  path
    .replaceAll(/\/\{(\w+)\}/g, (_, name: string) => `By${upper(name)}`)
    .replaceAll(/[/.-]+(\w)/g, (_, letter: string) => upper(letter));

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const tagOf = ({ path }: Route): string => /^\/([^/.]+)/.exec(path)?.[1] ?? "";

/** once.ts says why not the others. */
const takesKey = ({ method, access, consumes }: Route): boolean =>
  method === "post" && access !== "public" && consumes === undefined;
const IDEMPOTENCY_CODES = [
  "IDEMPOTENCY_BUSY",
  "IDEMPOTENCY_INTERRUPTED",
  "IDEMPOTENCY_ANSWER_GONE",
  "IDEMPOTENCY_KEY_REUSED",
];
const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Any text of your own, new for each thing that you want done: sent again with the same key it is answered and not done twice.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};
const IF_MATCH = {
  name: "If-Match",
  in: "header",
  description: "The `ETag` of what you have read: refused with 412 when it has been changed since.",
  schema: { type: "string" },
};
