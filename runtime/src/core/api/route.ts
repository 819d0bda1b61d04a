/**
 * A route of the API as a value: who may, what goes in, what comes out, and what it does. The router (mount.ts), the OpenAPI document
 * (openapi.ts) and the table of who may do what (docs/access.md) are made of the same list.
 */
import type { Request, Response } from "express";
import type { z } from "zod";
import type { Actor } from "../auth/actor";
import type { Guarded } from "../auth/authorise";

export const METHODS = ["get", "post", "put", "patch", "delete"] as const;
export type Method = (typeof METHODS)[number];

/** What a handler works with; everything in it is checked. */
export interface Call<P, Q, B> {
  readonly actor: Actor;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** For what the rest does not tell: headers, a body that is no JSON, an answer that is a file or a stream. */
  readonly req: Request;
  readonly res: Response;
}

/** A handler that has answered by itself (a file, a stream) returns this. */
export const ANSWERED: Answered = { answered: true };
/** Not a symbol of its own: TypeScript forgets which one it was when a function returns it. */
export interface Answered {
  readonly answered: true;
}

export interface Route extends Guarded {
  readonly method: Method;
  /** Below `/api/v1`, parameters in braces: `/rooms/{id}`. */
  readonly path: string;
  /** One sentence, for the document. */
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Of what it answers; left out: no content, 204. */
  readonly response?: z.ZodType;
  /** Of the answer when it is no JSON: its media type. */
  readonly produces?: string;
  /** Of the body when it is no JSON; the handler reads `req` itself. */
  readonly consumes?: string;
  /** Default 200, without a `response` 204. */
  readonly status?: number;
  /** Its answer tells something once only (a token, a password): it is kept nowhere, and not given again to an `Idempotency-Key`. */
  readonly answersSecret?: boolean;
  /** Largest body, bytes. Default 16 KiB. */
  readonly maxBodyBytes?: number;
  /** The codes that it may fail with beside those of every route; for the document. */
  readonly errors?: readonly string[];
  /** What stands there now: with it an `If-Match` that names something else is refused (PRECONDITION_FAILED). */
  readonly current?: (call: Call<never, never, never>) => unknown;
  handle(call: Call<never, never, never>): unknown;
}

type Out<S> = S extends z.ZodType ? z.output<S> : Readonly<Record<string, string>>;
type Body<S> = S extends z.ZodType ? z.output<S> : undefined;
type Answer<R> = R extends z.ZodType ? z.input<R> | Answered : undefined | void | Answered;

/** Ties a route's handler to its schemas. */
export function defineRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  R extends z.ZodType | undefined = undefined,
>(
  route: Omit<Route, "params" | "query" | "body" | "response" | "handle" | "current"> & {
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    readonly response?: R;
    readonly current?: (call: Call<Out<P>, Out<Q>, Body<B>>) => unknown;
    handle(call: Call<Out<P>, Out<Q>, Body<B>>): Answer<R> | Promise<Answer<R>>;
  },
): Route {
  return route as unknown as Route;
}

/** `/rooms/{id}` as express writes it. */
export const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");
