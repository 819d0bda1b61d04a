/** Who asks something of the house, and from where. */
import type { Role, Scope } from "@skein/contracts";

export interface Actor {
  /** `session`: a browser that is logged in; `token`: a program with an API token; `nobody`: neither. */
  readonly by: "session" | "token" | "nobody";
  readonly account?: { readonly id: string; readonly name: string; readonly role: Role };
  /** A session has its role's own; a token those that it was made with. */
  readonly scopes: readonly Scope[];
  /** Of the session or the token. */
  readonly id?: string;
  /** The network address, behind a trusted proxy the one that it tells. */
  readonly address: string;
}

/** Who did it, for events: `{actor, address}`. */
export const signatureOf = ({ account, address }: Actor): { actor?: string; address: string } => ({
  ...(account && { actor: account.id }),
  address,
});
