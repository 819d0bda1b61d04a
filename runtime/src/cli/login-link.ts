/** `skein login-link`: for whoever has lost a password and sits at the leader's machine. */
import { join } from "node:path";
import { SkeinError, systemClock as clock } from "@skein/kit";
import { openAccounts } from "../core/auth/accounts";
import { loginLinks, loginLinksFolder } from "../core/auth/login-links";
import { createPasswords } from "../core/auth/passwords";
import { leaderOf } from "../launcher/leader-lock";
import { houseOptions, type CliParts, type HouseFlags } from "./house-options";
import { localUrl, runningHouse } from "./running-house";

const LINK_MS = 15 * 60_000;

/** Prints the link. `account` left out: the owner's. @throws SkeinError ACCOUNT_UNKNOWN, DOCUMENT_UNREADABLE, DOCUMENT_UNWRITABLE */
export async function printLoginLink(
  account: string | undefined,
  flags: HouseFlags,
  { env, random, print, say }: CliParts,
): Promise<void> {
  const options = houseOptions(flags, env);
  const { dataDir } = options;
  const core = join(dataDir, "core");
  const accounts = openAccounts(join(core, "accounts.json"), { clock, passwords: createPasswords(random) });
  if (account !== undefined && !accounts.get(account)) {
    const known = accounts.list().map(({ id }) => id);
    throw new SkeinError("ACCOUNT_UNKNOWN", `there is no account "${account}"; there are: ${known.join(", ")}.`);
  }
  const token = await loginLinks(loginLinksFolder(core), { clock, random }).make(LINK_MS, account);
  const { http, tls } = runningHouse(dataDir) ?? { http: options.httpPort };
  print(`${localUrl(http, tls ?? options.settings.http.tls !== undefined)}#setup=${token}\n`);
  say("It logs in once, within a quarter of an hour; then choose a new password under Settings.");
  if (leaderOf(dataDir) === undefined) say("The leader does not run now: start it first.");
}
