/**
 * At this machine a command logs in as an admin by a link of its own, as `skein login-link` makes one: whoever may write into the data
 * directory has the house anyway.
 */
import { join } from "node:path";
import { systemClock as clock, type Random } from "@skein/kit";
import { accountsDocument, openAccounts } from "../core/auth/accounts";
import { loginLinks, loginLinksFolder, type Command } from "../core/auth/login-links";
import { createPasswords } from "../core/auth/passwords";
import type { LeaderOptions } from "../settings";
import { askLeader, type Answer } from "./ask-leader";
import { localUrl, runningHouse } from "./running-house";

const LINK_MS = 60_000;

export type Ask = (
  path: string,
  order?: Omit<NonNullable<Parameters<typeof askLeader>[2]>, "cookie">,
) => Promise<Answer>;

/** Does `work` with the leader that runs, and leaves nobody logged in. @throws Error with what to do, or with the leader's own words */
export async function asAdmin<T>(
  { dataDir, settings }: Pick<LeaderOptions, "dataDir" | "settings">,
  random: Random,
  command: Command,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const running = runningHouse(dataDir);
  if (!running) throw new Error("the leader is starting or stopping. Ask again in a minute.");
  const core = join(dataDir, "core");
  const accounts = openAccounts(join(core, accountsDocument.name), { clock, passwords: createPasswords(random) });
  const admin = accounts.list().find(({ role }) => role === "admin");
  if (!admin)
    throw new Error("nobody can log in yet. Open the set-up link that the leader printed, or stop the leader.");
  const token = await loginLinks(loginLinksFolder(core), { clock, random }).make(LINK_MS, admin.id, command);
  const url = localUrl(running.http, running.tls ?? settings.http.tls !== undefined);
  const { cookie } = await askLeader(url, "setup", { body: { token } });
  try {
    return await work((path, order) => askLeader(url, path, { ...order, cookie }));
  } finally {
    // A session of a command's ends by itself soon, and what `work` said is what matters.
    await askLeader(url, "logout", { cookie }).catch(() => {});
  }
}
