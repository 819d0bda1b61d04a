/**
 * Links that log in once: the set-up link of the first start, and `skein login-link` for whoever has lost a password and sits at the
 * machine. Each is an empty file in `<dataDir>/core/login-links/` whose name says it all: a disk that is full takes it too, the CLI may
 * make one beside a running leader, and who takes the file away has used the link. The names bear digests; whoever can write there has
 * the house anyway.
 */
import { mkdir, readdir, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, messageOf, SkeinError, type Clock, type Random } from "@skein/kit";
import { digestOf, makeSecret } from "./secrets";

export interface LoginLinks {
  /**
   * `account` left out: the owner's. Others for the same one are worth nothing any more; a command's leaves those of people as they are.
   * @throws SkeinError DOCUMENT_UNWRITABLE
   */
  make(forMs: number, account?: string, command?: Command): Promise<string>;
  /** Uses it up. Undefined: there is none, or it is too old. @throws SkeinError DOCUMENT_UNWRITABLE */
  use(token: string): Promise<UsedLink | undefined>;
}

/** What the command line of this machine comes in for: to look at the house, or to order something. */
export type Command = "look" | "order";

export interface UsedLink {
  readonly account?: string | undefined;
  /** It was no person's. */
  readonly command?: Command | undefined;
}

interface Link {
  readonly name: string;
  readonly digest: string;
  readonly expiresAt: number;
  readonly account: string | undefined;
  readonly command: Command | undefined;
}

/** In core's own folder. */
export const loginLinksFolder = (dir: string): string => join(dir, "login-links");

export function loginLinks(
  folder: string,
  { clock, random }: { clock: Pick<Clock, "now">; random: Random },
): LoginLinks {
  const list = async (): Promise<Link[]> => {
    const names = await readdir(folder).catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return [];
      throw error;
    });
    return names.flatMap(linksIn);
  };
  return {
    async make(forMs, account, command) {
      const token = makeSecret(random);
      const digest = digestOf(token);
      return attempt(folder, async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        for (const each of await list())
          if ((each.account === account && !command && !each.command) || each.expiresAt <= clock.now())
            await rm(join(folder, each.name), { force: true });
        await writeFile(join(folder, nameOf(digest, clock.now() + forMs, account, command)), "", { mode: 0o600 });
        return token;
      });
    },
    async use(token) {
      const digest = digestOf(token);
      const found = (await list()).find((link) => link.digest === digest && link.expiresAt > clock.now());
      if (!found) return undefined;
      try {
        await attempt(folder, () => unlink(join(folder, found.name)));
      } catch (error) {
        // Followed twice at once: somebody else was first.
        if (error instanceof SkeinError && hasCode(error.cause, "ENOENT")) return undefined;
        throw error;
      }
      return { account: found.account, command: found.command };
    },
  };
}

const NAME = /^(?<digest>[\w-]+)\.(?<expiresAt>\d+)(?:\.(?<account>[a-z0-9-]+)(?:\.(?<command>look|order))?)?$/;
/** Accounts' ids are a-z, 0-9 and -. */
const nameOf = (digest: string, expiresAt: number, account?: string, command?: Command): string =>
  [digest, expiresAt, account, command].filter((part) => part !== undefined).join(".");

function linksIn(name: string): Link[] {
  const { digest, expiresAt, account, command } = NAME.exec(name)?.groups ?? {};
  return digest === undefined
    ? []
    : [{ name, digest, expiresAt: Number(expiresAt), account, command: command as Command | undefined }];
}

async function attempt<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new SkeinError("DOCUMENT_UNWRITABLE", `cannot write in ${folder}: ${messageOf(cause)}.`, { cause });
  }
}
