/**
 * How Node-RED knows who works in its editor: by core's word, which it reads as a token in a header of its own. So it has users and
 * permissions (`RED.auth.needsPermission` guards the routes of nodes, deploys bear a name) and no login of its own: no password is
 * checked here, no token handed out, and the editor never asks for one.
 */
import { mayAct } from "@skein/contracts";
import { takeWord, WORD_HEADER } from "./core-word";

interface NodeRedUser {
  readonly username: string;
  readonly permissions: "*";
}

/** The `adminAuth` part of Node-RED's settings (@node-red/editor-api, lib/auth/users.js: `tokens` and `tokenHeader`). */
export function adminAuth({ key, now }: { key: string; now: () => number }): {
  tokens(token: string): Promise<NodeRedUser | null>;
  tokenHeader: string;
} {
  return {
    tokenHeader: WORD_HEADER,
    tokens: (token) => {
      const account = takeWord(token, "editor", key, now())?.account;
      // Core lets nobody else through. Whoever may deploy may run code, so there are no half permissions worth giving.
      const user = account && mayAct(account.role, "designer") ? account : undefined;
      return Promise.resolve(user ? { username: user.name, permissions: "*" } : null);
    },
  };
}
