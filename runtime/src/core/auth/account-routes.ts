/** `/accounts` and `/tokens`: who may log in, and what programs may. */
import {
  accountCreate,
  accountPatch,
  accountView as accountSchema,
  mayAct,
  passwordChange,
  SCOPES,
  scopeOfRole,
  scopesOpen,
  tokenCreate,
  tokenCreated,
  tokenView,
  type Role,
  type Scope,
} from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import type { IncomingMessage } from "node:http";
import { toString } from "qrcode";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import type { EventSink } from "../event-sink";
import { accountView, byRole, type Account } from "./accounts";
import { signatureOf, type Actor } from "./actor";
import { mayPass } from "./authorise";
import type { Auth } from "./auth";
import { accountOf, isByLink } from "./login-routes";

export interface AccountRouteParts {
  readonly auth: Auth;
  readonly events: EventSink;
  /** Where a phone finds the page, no slash at the end. */
  readonly pageUrl: (req: IncomingMessage) => string;
}

/** What a role's account may give a token: its own scope and the narrower ones. */
const mayGive = (role: Role, scope: Scope): boolean =>
  scope === "read" || scope === "metrics"
    ? true
    : scope === "routines" || scope === "hooks"
      ? mayAct(role, "operator")
      : scopesOpen([scopeOfRole[role]], [scope]);

export function accountRoutes({ auth, events, pageUrl }: AccountRouteParts): Route[] {
  const tell = (actor: Actor, type: string, text: string, id: string, data?: Readonly<Record<string, string>>) =>
    events.add({
      type,
      severity: "notice",
      audit: true,
      text,
      subject: { kind: "account", id },
      ...(data && { data }),
      ...signatureOf(actor),
    });
  const found = (id: string): Account => {
    const account = auth.accounts.get(id);
    if (!account) throw new SkeinError("ACCOUNT_UNKNOWN", `there is no account "${id}".`);
    return account;
  };
  /** Oneself, where `alone` is enough, or an admin. Asked before it is looked for: nobody else is told which ids are taken. */
  const mayChange = (actor: Actor, id: string, alone: boolean): { own: boolean } => {
    const own = actor.account?.id === id;
    if (!mayPass(actor, { access: "admin" }) && !(own && alone))
      throw new SkeinError("ACCESS_DENIED", "only an admin may change that of an account.");
    return { own };
  };
  return [
    defineRoute({
      method: "get",
      path: "/accounts",
      access: "admin",
      summary: "Everybody who may log in, admins first.",
      response: z.object({ accounts: z.array(accountSchema) }),
      handle: () => ({ accounts: auth.accounts.list().toSorted(byRole).map(accountView) }),
    }),
    defineRoute({
      method: "post",
      path: "/accounts",
      access: "admin",
      summary: "Let somebody in. Whoever is a designer may run code on the leader: deploying a flow is that.",
      body: accountCreate,
      response: accountSchema,
      status: 201,
      errors: ["ACCOUNT_EXISTS"],
      async handle({ actor, body: { id, password, resident, ...body } }) {
        const made = await auth.accounts.create({
          ...body,
          ...(id !== undefined && { id }),
          ...(password !== undefined && { password }),
          ...(resident !== undefined && { resident }),
        });
        tell(actor, "account-created", `${made.name} may log in as ${made.role}.`, made.id, { role: made.role });
        return accountView(made);
      },
    }),
    defineRoute({
      method: "get",
      path: "/accounts/{id}",
      access: "viewer",
      summary: "An account: one's own, or, as an admin, anybody's.",
      response: accountSchema,
      errors: ["ACCOUNT_UNKNOWN"],
      handle({ actor, params }) {
        const id = String(params["id"]);
        mayChange(actor, id, true);
        return accountView(found(id));
      },
    }),
    defineRoute({
      method: "patch",
      path: "/accounts/{id}",
      access: "viewer",
      // With a token that only reads nobody shall make himself more.
      scopes: ["admin"],
      summary: "Change an account: one's own name and language, or, as an admin, anybody's role and resident too.",
      body: accountPatch,
      response: accountSchema,
      errors: ["ACCOUNT_UNKNOWN", "LAST_ADMIN"],
      current({ actor, params }) {
        const id = String(params["id"]);
        mayChange(actor, id, true);
        return accountView(found(id));
      },
      async handle({ actor, params, body }) {
        const id = String(params["id"]);
        mayChange(actor, id, body.role === undefined && body.resident === undefined);
        const before = found(id);
        const now = await auth.accounts.patch(id, body);
        const told = (text: string, data?: Readonly<Record<string, string>>) =>
          tell(actor, "account-changed", text, id, data);
        if (now.role !== before.role) told(`${now.name} is now ${now.role}.`, { role: now.role });
        if (now.name !== before.name) told(`The account ${id} is called ${now.name} now.`);
        // Not whose: that would outlive the resident in an account that is theirs no more.
        if (now.resident !== before.resident)
          told(`The account ${id} is now that of ${now.resident === undefined ? "nobody" : "a resident"}.`);
        return accountView(now);
      },
    }),
    defineRoute({
      method: "put",
      path: "/accounts/{id}/password",
      access: "viewer",
      scopes: ["admin"],
      summary:
        "A new password; other browsers of that account are logged out. Whoever came by a link need not tell the old one.",
      body: passwordChange,
      errors: ["ACCOUNT_UNKNOWN", "LOGIN_WRONG", "LOGIN_THROTTLED"],
      async handle({ actor, params, body }) {
        const id = String(params["id"]);
        const { own } = mayChange(actor, id, true);
        const account = found(id);
        const byLink = own && isByLink(auth, actor);
        if (own && account.hash !== undefined && !byLink)
          await auth.login.confirm(account, body.old ?? "", actor.address);
        await auth.accounts.setPassword(account.id, body.new);
        // Now there is one that can be asked for.
        if (byLink) await auth.sessions.forgetLink(String(actor.id));
        await auth.sessions.end((session) => session.account === account.id && session.id !== actor.id);
        tell(actor, "password-changed", `${account.name} has a new password.`, account.id);
      },
    }),
    defineRoute({
      method: "delete",
      path: "/accounts/{id}",
      access: "admin",
      summary: "Let somebody in no more; sessions and tokens end at once.",
      errors: ["ACCOUNT_UNKNOWN", "LAST_ADMIN"],
      current: ({ params }) => accountView(found(String(params["id"]))),
      async handle({ actor, params }) {
        const { id, name } = found(String(params["id"]));
        await auth.accounts.remove(id);
        await auth.sessions.end(({ account }) => account === id);
        await auth.tokens.remove(({ account }) => account === id);
        tell(actor, "account-removed", `${name} may log in no more.`, id);
      },
    }),
    defineRoute({
      method: "get",
      path: "/accounts/{id}/tokens",
      access: "admin",
      summary: "An account's API tokens, whoever's it is: what may come in by it and when it last did.",
      response: z.object({ tokens: z.array(tokenView) }),
      errors: ["ACCOUNT_UNKNOWN"],
      handle: ({ params }) => ({ tokens: [...auth.tokens.of(found(String(params["id"])).id)] }),
    }),
    defineRoute({
      method: "get",
      path: "/tokens",
      access: "viewer",
      summary: "This account's API tokens.",
      response: z.object({ tokens: z.array(tokenView), mayGive: z.array(z.enum(SCOPES)) }),
      handle({ actor }) {
        const { id, role } = accountOf(auth, actor);
        return { tokens: [...auth.tokens.of(id)], mayGive: SCOPES.filter((scope) => mayGive(role, scope)) };
      },
    }),
    defineRoute({
      method: "post",
      path: "/tokens",
      access: "viewer",
      scopes: ["admin"],
      summary: "A new API token. It is shown this once.",
      body: tokenCreate,
      response: tokenCreated,
      status: 201,
      answersSecret: true,
      errors: ["TOKENS_TOO_MANY"],
      async handle({ actor, body, req }) {
        const account = accountOf(auth, actor);
        const over = body.scopes.find(
          (scope) => !mayGive(account.role, scope) || (actor.by === "token" && !scopesOpen(actor.scopes, [scope])),
        );
        if (over !== undefined)
          throw new SkeinError("ACCESS_DENIED", `the scope "${over}" is more than ${account.name} may do here.`);
        const { token, view } = await auth.tokens.create({ ...body, account: account.id });
        tell(
          actor,
          "token-created",
          `${account.name} made the token "${view.name}" (${view.scopes.join(", ")}).`,
          account.id,
          { name: view.name },
        );
        // Behind the hash: what a phone's browser opens sends nobody the token, and the page shows it to be copied.
        return { token, view, qrSvg: await toString(`${pageUrl(req)}/#token=${token}`, { type: "svg", margin: 2 }) };
      },
    }),
    defineRoute({
      method: "delete",
      path: "/tokens/{id}",
      access: "viewer",
      scopes: ["admin"],
      summary: "Take a token away: one's own, or, as an admin, anybody's.",
      errors: ["TOKEN_UNKNOWN"],
      async handle({ actor, params }) {
        const token = auth.tokens.get(String(params["id"]));
        if (!token) throw new SkeinError("TOKEN_UNKNOWN", "there is no such token.");
        mayChange(actor, token.account, true);
        await auth.tokens.remove(({ id }) => id === token.id);
        tell(actor, "token-removed", `The token "${token.name}" is worth nothing any more.`, token.account, {
          name: token.name,
        });
      },
    }),
  ];
}
