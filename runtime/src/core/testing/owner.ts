/** For tests: a house that has its owner already, with everything one logs in with. */
import { join } from "node:path";
import { SCOPES, type Role } from "@skein/contracts";
import { createIds, systemClock as clock, systemRandom as random } from "@skein/kit";
import { openAccounts } from "../auth/accounts";
import { createPasswords } from "../auth/passwords";
import { openSessions } from "../auth/sessions";
import { openTokens } from "../auth/tokens";

export interface TestLogin {
  readonly account: string;
  readonly password: string;
  /** For `Authorization: Bearer`; it has every scope. */
  readonly token: string;
  /** The value of the session's cookie. */
  readonly session: string;
}

/** Cheap ones: a test that logs in shall not wait for 0.3 s. */
const CHEAP = { ln: 10, r: 8, p: 1 };

/**
 * Writes an account for each role into the data directory of a leader that does not run; the admin is "owner", the others are
 * called like their role.
 */
export async function makeAccounts<R extends Role>(
  dataDir: string,
  roles: readonly R[],
): Promise<Record<R, TestLogin>> {
  const dir = join(dataDir, "core");
  const ids = createIds(clock, random);
  const accounts = openAccounts(join(dir, "accounts.json"), { clock, passwords: createPasswords(random, CHEAP) });
  const sessions = openSessions(join(dir, "sessions.json"), { clock, random, ids });
  const tokens = openTokens(join(dir, "tokens.json"), { clock, random, ids });
  const logins: Partial<Record<R, TestLogin>> = {};
  for (const role of roles) {
    const account = role === "admin" ? "owner" : role;
    const password = `${account}'s own password`;
    await accounts.create({ id: account, name: `The ${account}`, role, password });
    const { token } = await tokens.create({ account, name: "for tests", scopes: SCOPES });
    const { secret } = await sessions.begin(account, { address: "127.0.0.1", agent: "a test" });
    logins[role] = { account, password, token, session: secret };
  }
  return logins as Record<R, TestLogin>;
}

/** As a header. */
export const bearer = ({ token }: Pick<TestLogin, "token">): { authorization: string } => ({
  authorization: `Bearer ${token}`,
});
