/** Whether somebody may: the one decision that routes, sockets, the editor and the hooks ask for. Pure. */
import { mayAct, scopeOfRole, scopesOpen, type Role, type Scope } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import type { Actor } from "./actor";

/** The least role that may, or `public`: everybody who reaches us. */
export type Access = Role | "public";

export interface Guarded {
  readonly access: Access;
  /** Scopes of a token that open it; left out: the one that goes with `access`. */
  readonly scopes?: readonly Scope[];
}

/** @throws SkeinError LOGIN_NEEDED, ACCESS_DENIED, SCOPE_MISSING */
export function authorise({ account, scopes: has, by }: Actor, { access, scopes }: Guarded): void {
  if (access === "public") return;
  if (!account)
    throw new SkeinError("LOGIN_NEEDED", "log in first, or send an API token: Authorization: Bearer skein_...");
  if (!mayAct(account.role, access))
    throw new SkeinError("ACCESS_DENIED", `this needs the role ${access}; ${account.name} is a ${account.role}.`);
  const wanted = scopes ?? [scopeOfRole[access]];
  if (by === "token" && !scopesOpen(has, wanted))
    throw new SkeinError("SCOPE_MISSING", `this token has no scope for it: ${wanted.join(" or ")}.`);
}

/** As a question. */
export function mayPass(actor: Actor, guarded: Guarded): boolean {
  try {
    authorise(actor, guarded);
    return true;
  } catch {
    return false;
  }
}
