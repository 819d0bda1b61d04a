/** `/login`, `/logout`, `/setup`, `/me`, `/sessions`. */
import type { IncomingMessage } from "node:http";
import type { Response } from "express";
import { serialize } from "cookie";
import { loginBody, meView, scopeOfRole, sessionView as sessionSchema, setupBody } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import { accountView, type Account } from "./accounts";
import type { Actor } from "./actor";
import type { Auth } from "./auth";
import { cookieName } from "./identify";
import type { LoggedIn } from "./login";
import { sessionView } from "./sessions";

const COOKIE_S = 365 * 86_400;

export interface LoginRouteParts {
  readonly auth: Auth;
  readonly port: number;
  /** Whether the browser came over TLS, whatever proxy is trusted. */
  readonly isSecure: (req: IncomingMessage) => boolean;
}

export function loginRoutes({ auth, port, isSecure }: LoginRouteParts): Route[] {
  const name = cookieName(port);
  const setCookie = (req: IncomingMessage, res: Response, value: string, maxAge: number) =>
    res.append(
      "set-cookie",
      serialize(name, value, { httpOnly: true, sameSite: "lax", path: "/", maxAge, secure: isSecure(req) }),
    );
  const welcome = (req: IncomingMessage, res: Response, { account, secret, session }: LoggedIn) => {
    setCookie(req, res, secret, COOKIE_S);
    return {
      account: accountView(account),
      by: "session" as const,
      ...(session.byLink && { byLink: true }),
      scopes: [scopeOfRole[account.role]],
    };
  };
  const from = (actor: Actor, req: IncomingMessage) => ({
    address: actor.address,
    agent: req.headers["user-agent"] ?? "",
  });
  return [
    defineRoute({
      method: "post",
      path: "/login",
      access: "public",
      summary: "Log in with account and password; the answer bears the session's cookie.",
      body: loginBody,
      response: meView,
      errors: ["LOGIN_WRONG", "LOGIN_THROTTLED", "LOGIN_BUSY"],
      handle: async ({ actor, body, req, res }) =>
        welcome(req, res, await auth.login.byPassword(body.account, body.password, from(actor, req))),
    }),
    defineRoute({
      method: "post",
      path: "/setup",
      access: "public",
      summary: "Log in with what a set-up or login link bears; it works once.",
      body: setupBody,
      response: meView,
      errors: ["LINK_USED", "LOGIN_THROTTLED"],
      handle: async ({ actor, body, req, res }) =>
        welcome(req, res, await auth.login.byLink(body.token, from(actor, req))),
    }),
    defineRoute({
      method: "post",
      path: "/logout",
      access: "viewer",
      scopes: ["read"],
      summary: "End this session.",
      async handle({ actor, req, res }) {
        if (actor.by === "session") await auth.sessions.end(({ id }) => id === actor.id);
        setCookie(req, res, "", 0);
      },
    }),
    defineRoute({
      method: "get",
      path: "/me",
      access: "viewer",
      // Every token may ask what it is.
      scopes: ["read", "routines", "hooks", "metrics"],
      summary: "Who is asking.",
      response: meView,
      handle: ({ actor }) => ({
        account: accountView(accountOf(auth, actor)),
        by: actor.by === "token" ? ("token" as const) : ("session" as const),
        ...(isByLink(auth, actor) && { byLink: true }),
        scopes: [...actor.scopes],
      }),
    }),
    defineRoute({
      method: "get",
      path: "/sessions",
      access: "viewer",
      summary: "The browsers in which this account is logged in.",
      response: z.object({ sessions: z.array(sessionSchema) }),
      handle: ({ actor }) => ({
        sessions: auth.sessions.of(accountOf(auth, actor).id).map((session) => sessionView(session, actor.id)),
      }),
    }),
    defineRoute({
      method: "delete",
      path: "/sessions/{id}",
      access: "viewer",
      scopes: ["admin"],
      summary: "Log one of this account's browsers out; `others`: all but this one.",
      errors: ["SESSION_UNKNOWN"],
      async handle({ actor, params }) {
        const own = accountOf(auth, actor).id;
        if (params["id"] === "others")
          return auth.sessions.end(({ id, account }) => account === own && id !== actor.id);
        if (!auth.sessions.of(own).some(({ id }) => id === params["id"]))
          throw new SkeinError("SESSION_UNKNOWN", "there is no such session; it may have ended already.");
        await auth.sessions.end(({ id, account }) => account === own && id === params["id"]);
      },
    }),
  ];
}

/** Whether who asks came by a link and has chosen no password since. */
export const isByLink = ({ sessions }: Pick<Auth, "sessions">, actor: Actor): boolean =>
  sessions.of(actor.account?.id ?? "").some(({ id, byLink }) => id === actor.id && byLink === true);

/** The account that asks, whole. */
export function accountOf({ accounts }: Pick<Auth, "accounts">, actor: Actor): Account {
  const account = accounts.get(actor.account?.id ?? "");
  if (!account) throw new SkeinError("LOGIN_NEEDED", "log in first.");
  return account;
}
