/** From a request to whoever asks: by API token, by session cookie, or nobody. */
import type { IncomingMessage } from "node:http";
import { parse } from "cookie";
import { scopeOfRole } from "@skein/contracts";
import type { Accounts } from "./accounts";
import type { Actor } from "./actor";
import type { Sessions } from "./sessions";
import type { Tokens } from "./tokens";

/** Cookies know no ports: the demo on 1890 must not log out of the house on 1880. */
export const cookieName = (port: number): string => `skein_session_${port}`;

export interface IdentifyParts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly port: number;
  /** The network address, whatever proxy is trusted. */
  readonly addressOf: (req: IncomingMessage) => string;
}

export type ActorOf = (req: IncomingMessage) => Actor;

/**
 * Each time anew: a session may have ended since. The guard has proven a present Origin to be our own. Not `noted`: nobody asks for
 * anything, so that a page that was left open does not count as used.
 */
export function createIdentify(
  { accounts, sessions, tokens, port, addressOf }: IdentifyParts,
  how: { readonly noted: boolean },
): ActorOf {
  const name = cookieName(port);
  return (req) => {
    const address = addressOf(req);
    const nobody: Actor = { by: "nobody", scopes: [], address };
    const bearer = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? "")?.[1];
    // Whoever sends a token means it: no falling back to a cookie that may say something else.
    if (req.headers.authorization !== undefined) {
      const token = bearer === undefined ? undefined : tokens.find(bearer, how);
      const account = token && accounts.get(token.account);
      return token && account ? { by: "token", account, scopes: token.scopes, id: token.id, address } : nobody;
    }
    if (!mayUseCookie(req)) return nobody;
    const session = sessions.find(parse(req.headers.cookie ?? "")[name], how);
    const account = session && accounts.get(session.account);
    return session && account
      ? { by: "session", account, scopes: [scopeOfRole[account.role]], id: session.id, address }
      : nobody;
  };
}

/**
 * A browser sends its cookies whoever made the page ask. What changes something, and every WebSocket, therefore counts as logged in
 * only with an Origin, which browsers always send there and no page can take away (OWASP, CSRF Prevention: Verifying Origin).
 */
function mayUseCookie({ method, headers }: IncomingMessage): boolean {
  const safe = (method === "GET" || method === "HEAD") && headers.upgrade === undefined;
  return safe || headers.origin !== undefined;
}
