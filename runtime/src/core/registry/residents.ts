/** What the house keeps of its residents, wherever it lies: each place where something does is a keeper. */
import type { z } from "zod";
import type { residentData } from "@skein/contracts";
import { isWithin, type AccountSpan } from "@skein/history";
import type { Accounts } from "../auth/accounts";
import type { HouseRegistry } from "./house-registry";

export type ResidentData = z.output<typeof residentData>;

export interface Visibility {
  /** Whether whoever asks may read the audit log. */
  readonly mayAudit: boolean;
}

/** Somewhere that something of residents is kept. */
export interface ResidentKeeper {
  /** Counts by where it lies, and the newest of it in words. */
  kept(id: string, visibility: Visibility): Promise<Pick<ResidentData, "kept" | "items">>;
  /** Takes all of it away. It is asked again after it failed. */
  forget(id: string): Promise<unknown>;
  /** The resident is no more: what named them shall not. */
  removed?(id: string): Promise<unknown>;
}

export interface Residents {
  /** @throws SkeinError RESIDENT_UNKNOWN, and what a keeper throws */
  data(id: string, visibility: Visibility): Promise<ResidentData>;
  /** @throws SkeinError RESIDENT_UNKNOWN, and what a keeper throws; then some may be gone, and asking again goes on with the rest */
  forget(id: string): Promise<void>;
  /** Forgets, and takes the resident out of the house. A keeper that fails keeps the resident, so that it can be asked for again. */
  remove(id: string): Promise<void>;
}

/** As many as a page shows. */
const MAX_ITEMS = 200;

export function createResidents(
  registry: Pick<HouseRegistry, "resident" | "removeResident">,
  keepers: readonly ResidentKeeper[],
): Residents {
  const forget = async (id: string): Promise<void> => {
    registry.resident(id);
    for (const keeper of keepers) await keeper.forget(id);
  };
  return {
    async data(id, visibility) {
      const resident = registry.resident(id);
      const all = await Promise.all(keepers.map((keeper) => keeper.kept(id, visibility)));
      const kept: Record<string, number> = {};
      for (const [where, count] of all.flatMap((each) => Object.entries(each.kept)))
        kept[where] = (kept[where] ?? 0) + count;
      const items = all.flatMap((each) => each.items).toSorted((a, b) => b.at - a.at);
      return { resident, kept, items: items.slice(0, MAX_ITEMS) };
    },
    forget,
    async remove(id) {
      await forget(id);
      for (const keeper of keepers) await keeper.removed?.(id);
      await registry.removeResident(id);
    },
  };
}

/** An account is how somebody logs in: it stays when data are deleted, and belongs to nobody when the resident is gone. */
export function accountKeeper(accounts: Pick<Accounts, "list" | "releaseResident">): ResidentKeeper {
  return {
    kept(id) {
      const theirs = accounts.list().filter(({ resident }) => resident === id);
      return Promise.resolve({
        kept: { account: theirs.length },
        items: theirs.map(({ createdAt, name }) => ({
          at: createdAt,
          where: "account",
          what: `the account "${name}"`,
        })),
      });
    },
    forget: () => Promise.resolve(),
    removed: (resident) => accounts.releaseResident(resident),
  };
}

/** What packages/history offers of it. */
interface HistoryOfResidents {
  residentData(
    id: string,
    options: { actors: readonly AccountSpan[]; mayAudit: boolean },
  ): Promise<Pick<ResidentData, "kept" | "items">>;
  forgetResident(id: string, options: { actors: readonly AccountSpan[] }): Promise<unknown>;
}

/** Journal, events and series; the next generation of backups is made of what is left. */
export function historyKeeper(history: HistoryOfResidents, accounts: Pick<Accounts, "tracesOf">): ResidentKeeper {
  return {
    kept: (id, { mayAudit }) => history.residentData(id, { actors: accounts.tracesOf(id).accounts, mayAudit }),
    forget: (id) => history.forgetResident(id, { actors: accounts.tracesOf(id).accounts }),
  };
}

/** Whether an account was a resident's when it did something. */
export type IsTheirs = (account: string | undefined, at: number) => boolean;

/** A document of core's in which things bear the account that did them. */
export interface Signed {
  signedBy(isTheirs: IsTheirs): ResidentData["items"][number][];
  /** What was done stays, and by whom goes; `words`: what tells of them, ids and names. @throws SkeinError DOCUMENT_UNWRITABLE */
  unsign(isTheirs: IsTheirs, words: readonly string[]): Promise<void>;
}

/** One that is opened only after the keepers: it needs what they keep. */
export const signedLater = (signed: () => Signed): Signed => ({
  signedBy: (isTheirs) => signed().signedBy(isTheirs),
  unsign: (isTheirs, words) => signed().unsign(isTheirs, words),
});

export function signedKeeper(
  signed: Signed,
  accounts: Pick<Accounts, "tracesOf">,
  registry: Pick<HouseRegistry, "resident">,
): ResidentKeeper {
  const isTheirs = (resident: string): IsTheirs => {
    const spans = accounts.tracesOf(resident).accounts;
    return (account, at) => spans.some((span) => span.id === account && isWithin(span, at));
  };
  return {
    kept(id) {
      const items = signed.signedBy(isTheirs(id));
      const kept: Record<string, number> = {};
      for (const { where } of items) kept[where] = (kept[where] ?? 0) + 1;
      return Promise.resolve({ kept, items });
    },
    forget(id) {
      const { accounts: spans, names } = accounts.tracesOf(id);
      const words = [id, registry.resident(id).name, ...spans.map((each) => each.id), ...names];
      return signed.unsign(isTheirs(id), words);
    },
  };
}

/** Node-RED's own: what it has of anybody is not told, only taken away. */
export function editorKeeper(
  editor: { forgetPerson(name: string): Promise<void> },
  accounts: Pick<Accounts, "tracesOf">,
): ResidentKeeper {
  return {
    kept: () => Promise.resolve({ kept: {}, items: [] }),
    async forget(id) {
      for (const name of accounts.tracesOf(id).names) await editor.forgetPerson(name);
    },
  };
}
