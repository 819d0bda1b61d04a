/** Who may log in, and as what: `<dataDir>/core/accounts.json`. */
import { languageCode, mayAct, ROLES, role, type AccountView, type Role } from "@skein/contracts";
import type { AccountSpan } from "@skein/history";
import { defineDocument, openDocument, SkeinError, type Clock, type Document } from "@skein/kit";
import { z } from "zod";
import { idFrom } from "../id-from";
import type { Passwords } from "./passwords";

const accountRecord = z.strictObject({
  id: z.string(),
  name: z.string(),
  role,
  /** PHC string (passwords.ts); none until one is chosen. */
  hash: z.string().optional(),
  createdAt: z.number(),
  lastLoginAt: z.number().optional(),
  resident: z.string().optional(),
  /** What is older was somebody else's; left out: it has been nobody else's since it was made. */
  since: z.number().optional(),
  /** How it was called since then. */
  formerNames: z.array(z.string()).optional(),
  language: languageCode.optional(),
});
export type Account = z.output<typeof accountRecord>;
/** Whose an account was that is gone or somebody else's now: what it did while it was theirs is still theirs to have forgotten. */
const formerRecord = z.strictObject({
  id: z.string(),
  name: z.string(),
  resident: z.string(),
  from: z.number().optional(),
  /** None yet: the account is gone, and no other has come under its id. */
  until: z.number().optional(),
});
const file = z.strictObject({
  version: z.literal(1),
  accounts: z.array(accountRecord),
  former: z.array(formerRecord).optional(),
});
type File = z.output<typeof file>;
export const accountsDocument = defineDocument({
  name: "accounts.json",
  schema: file,
  empty: { version: 1, accounts: [] },
});

export interface Accounts {
  list(): readonly Account[];
  get(id: string): Account | undefined;
  /** Whether somebody can come back by a password and set everything right: until then the set-up link is the way in. */
  readonly owned: boolean;
  /** @throws SkeinError ACCOUNT_EXISTS, DOCUMENT_UNWRITABLE */
  create(what: { id?: string; name: string; role: Role; password?: string; resident?: string }): Promise<Account>;
  /** @throws SkeinError ACCOUNT_UNKNOWN, LAST_ADMIN, DOCUMENT_UNWRITABLE */
  patch(id: string, change: AccountChange): Promise<Account>;
  /** @throws SkeinError ACCOUNT_UNKNOWN, DOCUMENT_UNWRITABLE */
  setPassword(id: string, password: string): Promise<void>;
  /** @throws SkeinError ACCOUNT_UNKNOWN, LAST_ADMIN, DOCUMENT_UNWRITABLE */
  remove(id: string): Promise<void>;
  /** A resident's accounts, each while it was theirs, and how they were called: of those that are theirs, and of those that were. */
  tracesOf(resident: string): Traces;
  /** The resident is gone: their accounts are nobody's. @throws SkeinError DOCUMENT_UNWRITABLE */
  releaseResident(resident: string): Promise<void>;
  /** Whether these go together. Nobody's takes as long as somebody's. @throws SkeinError LOGIN_BUSY */
  verify(id: string, password: string): Promise<boolean>;
  /** Noted, and written with the next change: a login shall not fail for a full disk. */
  loggedIn(id: string): void;
}

export interface Traces {
  readonly accounts: readonly AccountSpan[];
  readonly names: readonly string[];
}

/** `null` takes it away. */
export interface AccountChange {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly resident?: string | null | undefined;
  readonly language?: Account["language"] | null;
}

/** @throws SkeinError DOCUMENT_UNREADABLE */
export function openAccounts(
  path: string,
  { clock, passwords, onChanged }: { clock: Pick<Clock, "now">; passwords: Passwords; onChanged?: () => void },
): Accounts {
  const document: Document<File> = openDocument({ file: path, ...accountsDocument });
  const lastLogins = new Map<string, number>();
  const list = (): readonly Account[] => document.value.accounts;
  const get = (id: string): Account | undefined => list().find((account) => account.id === id);
  const save = async (change: (accounts: readonly Account[]) => Account[]): Promise<void> => {
    await document.update((before) => {
      const { accounts } = before;
      const next = change(accounts).map((account) => {
        const lastLoginAt = lastLogins.get(account.id) ?? account.lastLoginAt;
        return { ...account, ...(lastLoginAt !== undefined && { lastLoginAt }) };
      });
      for (const [counts, who] of [
        [isAdmin, "the last admin"],
        [isOwner, "the last admin who has a password"],
      ] as const)
        if (accounts.some(counts) && !next.some(counts))
          throw new SkeinError("LAST_ADMIN", `this is ${who}: make somebody else one first.`);
      return { version: 1, accounts: next, former: formerOf(before, next, clock.now()) };
    });
    onChanged?.();
  };
  const replace = async (id: string, change: (account: Account) => Account): Promise<Account> => {
    await save((accounts) => {
      known(accounts.find((account) => account.id === id));
      return accounts.map((account) => (account.id === id ? change(account) : account));
    });
    return known(get(id));
  };
  return {
    list: () => list().map((account) => withLogin(account, lastLogins)),
    get,
    get owned() {
      return list().some(isOwner);
    },
    async create({ id: wanted, name, role: as, password, resident }) {
      const hash = password === undefined ? undefined : await passwords.hash(password);
      let id = "";
      await save((accounts) => {
        id = wanted ?? idFrom(name, (taken) => accounts.some((account) => account.id === taken));
        if (accounts.some((account) => account.id === id))
          throw new SkeinError("ACCOUNT_EXISTS", `there is an account "${id}" already.`);
        return [
          ...accounts,
          {
            id,
            name,
            role: as,
            ...(hash !== undefined && { hash }),
            createdAt: clock.now(),
            ...(resident !== undefined && { resident }),
          },
        ];
      });
      return known(get(id));
    },
    patch: (id, change) => replace(id, (account) => changed(account, change, clock.now())),
    async setPassword(id, password) {
      known(get(id));
      const hash = await passwords.hash(password);
      await replace(id, (account) => ({ ...account, hash }));
    },
    async remove(id) {
      await save((accounts) => {
        known(accounts.find((account) => account.id === id));
        return accounts.filter((account) => account.id !== id);
      });
      // Who comes under this name next has not been here.
      lastLogins.delete(id);
    },
    tracesOf(resident) {
      const theirs = [...list().flatMap(spansOf), ...(document.value.former ?? [])].filter(
        (each) => each.resident === resident,
      );
      // Each stands there once by each of its names.
      const spans = new Map(theirs.map(({ id, from, until }) => [`${id} ${from}`, { id, from, until }]));
      return {
        accounts: [...spans.values()],
        names: unique(theirs.map(({ name }) => name)),
      };
    },
    async releaseResident(resident) {
      await document.update(({ accounts, former = [] }) => ({
        version: 1,
        accounts: accounts.map((each) =>
          each.resident === resident ? changed(each, { resident: null }, clock.now()) : each,
        ),
        former: former.filter((each) => each.resident !== resident),
      }));
      onChanged?.();
    },
    verify: (id, password) => passwords.verify(password, get(id)?.hash),
    loggedIn: (id) => void lastLogins.set(id, clock.now()),
  };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

type Former = NonNullable<File["former"]>;

/** With those that are not their resident's any more in what comes next. What an id does that somebody else has now is not theirs. */
function formerOf({ accounts, former = [] }: File, next: readonly Account[], now: number): Former {
  const left = accounts.filter(({ id, resident }) => next.find((each) => each.id === id)?.resident !== resident);
  return [...former, ...left.flatMap(spansOf)].map((each) =>
    each.until === undefined && next.some(({ id }) => id === each.id) ? { ...each, until: now } : each,
  );
}

/** An account as that of its resident, once by each name. */
const spansOf = ({ id, name, resident, since, createdAt, formerNames = [] }: Account): Former =>
  resident === undefined
    ? []
    : [name, ...formerNames].map((each) => ({ id, name: each, resident, from: since ?? createdAt }));

const isAdmin = (account: Account): boolean => mayAct(account.role, "admin");
/** Somebody who can come back by a password and set everything right. */
const isOwner = (account: Account): boolean => isAdmin(account) && account.hash !== undefined;

function changed(account: Account, { name, role: as, ...others }: AccountChange, at: number): Account {
  const { resident, language, since, formerNames = [], ...rest } = account;
  const now = {
    resident: others.resident === undefined ? resident : (others.resident ?? undefined),
    language: others.language === undefined ? language : (others.language ?? undefined),
  };
  const isLeft = resident !== undefined && now.resident !== resident;
  const names = isLeft ? [] : [...formerNames, ...(name === undefined || name === account.name ? [] : [account.name])];
  const begins = isLeft ? at : since;
  return {
    ...rest,
    ...(begins !== undefined && { since: begins }),
    ...(names.length > 0 && { formerNames: unique(names) }),
    ...(name !== undefined && { name }),
    ...(as !== undefined && { role: as }),
    ...(now.resident !== undefined && { resident: now.resident }),
    ...(now.language !== undefined && { language: now.language }),
  };
}

function known(account: Account | undefined): Account {
  if (!account) throw new SkeinError("ACCOUNT_UNKNOWN", "there is no such account.");
  return account;
}

const withLogin = (account: Account, logins: ReadonlyMap<string, number>): Account => {
  const lastLoginAt = logins.get(account.id) ?? account.lastLoginAt;
  return { ...account, ...(lastLoginAt !== undefined && { lastLoginAt }) };
};

/** What others may see of it. */
export function accountView(account: Account): AccountView {
  const { hash, since: _since, formerNames: _formerNames, ...rest } = account;
  return { ...rest, hasPassword: hash !== undefined };
}

/** Widest first, for lists. */
export const byRole = (a: Account, b: Account): number =>
  ROLES.indexOf(b.role) - ROLES.indexOf(a.role) || a.name.localeCompare(b.name);
