/** The followers' users on the bus, as joining makes and takes them away, whatever broker the house has. */
import {
  beginRemoval,
  createUser,
  handOver,
  readUsers,
  removeUser,
  type Login,
  type MosquittoHandOver,
} from "@skein/broker";
import { SkeinError, type Random } from "@skein/kit";

export interface BusAccounts {
  /** Whether users are made here at all, and if not why. @throws SkeinError BUS_NOT_OURS */
  check(): void;
  has(id: string): boolean;
  /** The followers that may come onto the bus by a user of theirs. */
  followers(): string[];
  /** Whose removal was begun, is not ended, and has nobody at work on it. */
  leaving(): string[];
  /** Resolves when the broker lets it in. @throws SkeinError BUS_USERS_NOT_TAKEN, BUS_HAND_OVER_FAILED, BUS_USER_INVALID */
  create(id: string): Promise<Login>;
  /**
   * Resolves when its connection is cut and it is let in no more. One that failed can be asked for again, also after a restart: until
   * it went well the user is `leaving`, and not gone.
   * @throws SkeinError BUS_USERS_NOT_TAKEN, BUS_HAND_OVER_FAILED
   */
  remove(id: string): Promise<void>;
}

interface UsersParts {
  /** bus-users.json */
  readonly usersFile: string;
  readonly random: Random;
}

/** The embedded broker watches the file: it throws off at once whoever is no more in it. */
export function embeddedAccounts({ usersFile, random }: UsersParts): BusAccounts {
  return {
    check: () => {},
    has: (id) => Object.hasOwn(readUsers(usersFile), id),
    followers: () => followersIn(usersFile),
    leaving: () => leavingIn(usersFile),
    create: async (id) => createUser(usersFile, { role: "follower", id }, random),
    remove: async (id) => removeUser(usersFile, id),
  };
}

const followersIn = (usersFile: string): string[] =>
  Object.values(readUsers(usersFile)).flatMap(({ id, role }) => (role === "follower" ? [id] : []));

const leavingIn = (usersFile: string): string[] =>
  Object.values(readUsers(usersFile)).flatMap(({ id, leaving }) => (leaving ? [id] : []));

export interface MosquittoParts extends UsersParts {
  readonly mosquitto: MosquittoHandOver;
  /**
   * Logs in until the broker answers so, for some seconds; one that lets us in throws off whoever was there under this name, and forgets
   * its session. `again`: called now and then meanwhile. @throws SkeinError BUS_USERS_NOT_TAKEN
   */
  readonly until: (wanted: "in" | "refused", login: Login, again: () => void) => Promise<void>;
}

/**
 * A Mosquitto of the owner's, whose files the leader writes. It reads them when it, or a helper, is told to; whether it did is
 * known by knocking. What it does at a reload with the connection of one who is no user any more differs from version to version: so
 * who is removed first gets a password that nobody else knows, we take over its connection with it, and then it goes.
 */
export function mosquittoAccounts({ usersFile, random, mosquitto, until }: MosquittoParts): BusAccounts {
  const throwingOff = new Set<string>();
  const removals = new Map<string, Promise<void>>();
  const tell = () => handOver(readUsers(usersFile), mosquitto, throwingOff);

  async function takeOut(id: string): Promise<void> {
    const login = beginRemoval(usersFile, id, random);
    if (!login) return;
    throwingOff.add(id);
    try {
      tell();
      await until("in", login, tell);
    } finally {
      // Also when nobody answers: as soon as the broker reads its files again, it is out.
      throwingOff.delete(id);
      tell();
    }
    await until("refused", login, tell);
    removeUser(usersFile, id);
  }

  return {
    check: () => {},
    has: (id) => Object.hasOwn(readUsers(usersFile), id),
    followers: () => followersIn(usersFile),
    leaving: () => leavingIn(usersFile).filter((id) => !removals.has(id)),
    async create(id) {
      const login = createUser(usersFile, { role: "follower", id }, random);
      try {
        tell();
        await until("in", login, tell);
      } catch (error) {
        // Its password was told to nobody: there is no connection to cut.
        removeUser(usersFile, id);
        tell();
        throw error;
      }
      return login;
    },
    remove(id) {
      // Two at once would each make the other's password worthless.
      const removal = removals.get(id) ?? takeOut(id).finally(() => removals.delete(id));
      removals.set(id, removal);
      return removal;
    },
  };
}

/** A Mosquitto without `bus.mosquitto`, or Redis: the owner makes the users. */
export function foreignAccounts(): BusAccounts {
  const check = (): never => {
    throw new SkeinError("BUS_NOT_OURS", "this house uses a broker of yours, whose users are made there.", {
      hint: "With a Mosquitto, bus.mosquitto in skein.yaml lets the leader make them (docs/broker.md).",
    });
  };
  return {
    check,
    has: () => false,
    followers: () => [],
    leaving: () => [],
    create: async () => check(),
    remove: async () => undefined,
  };
}
