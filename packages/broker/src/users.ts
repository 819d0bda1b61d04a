/**
 * The bus's users: one file, `bus-users.json` (0600), `{users: {NAME: {role, id, hash}}}`. Passwords are made here, 192 random
 * bits, and kept as password-hash.ts says. An MQTT user name is the participant's id.
 */
import { readFileSync, statSync } from "node:fs";
import { isFollowerId, isId } from "@skein/contracts";
import { type Logger, type Random, SkeinError, hasCode, messageOf, writeAtomically } from "@skein/kit";
import type { Role } from "./access";
import { hashPassword, passwordFits } from "./password-hash";

export interface BusUser {
  readonly role: Role;
  /** Whose topics it writes: a follower's id, `leader`, or a flow host's id. */
  readonly id: string;
  /** Of the password (password-hash.ts). */
  readonly hash: string;
  /** On its way out of a Mosquitto that has not shown yet that it is out; nobody has its password any more. */
  readonly leaving?: true | undefined;
}
export type BusUsers = Readonly<Record<string, BusUser>>;

/** All users; none when there is no file yet. @throws SkeinError BUS_USERS_UNREADABLE, which names the entry that does not fit */
export function readUsers(file: string): BusUsers {
  try {
    const { users } = JSON.parse(readFileSync(file, "utf8")) as { users?: unknown };
    if (typeof users !== "object" || users === null) throw new Error('there is no "users" in it');
    const entries = Object.entries(users as Record<string, Partial<BusUser>>);
    // Left out, a user with a slip in its entry would lose its connection and all that waits for it.
    const odd = entries.find(([name, user]) => !isUser(name, user));
    if (odd) throw new Error(`"${odd[0]}" lacks a role, an id that is its name, or a hash`);
    return Object.assign(noUsers(), users as BusUsers);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return noUsers();
    throw new SkeinError("BUS_USERS_UNREADABLE", `cannot read the bus's users in ${file}: ${messageOf(error)}.`, {
      hint: "Mend it, or stop the leader and move the file away; the launcher makes a new one and followers need new passwords.",
      cause: error,
    });
  }
}

/** Without a prototype: somebody who calls himself "constructor" is nobody. */
const noUsers = (): Record<string, BusUser> => Object.create(null) as Record<string, BusUser>;

const isUser = (name: string, user: Partial<BusUser>): boolean =>
  user.id === name &&
  isId(name) &&
  typeof user.hash === "string" &&
  ["leader", "flows", "follower"].includes(user.role ?? "");

export type NewUser = Pick<BusUser, "role" | "id">;
export interface Login {
  readonly username: string;
  readonly password: string;
}

/**
 * Makes a user, or gives it a new password, and says the password: it is kept nowhere else.
 * @throws SkeinError BUS_USER_INVALID when the id is none, is reserved or is somebody's with another role, BUS_USERS_UNREADABLE
 */
export function createUser(file: string, user: NewUser, random: Random): Login {
  return createUsers(file, [user], random)[0] as Login;
}

/** The same for several, in one write. */
export function createUsers(file: string, newcomers: readonly NewUser[], random: Random): Login[] {
  const users = Object.assign(noUsers(), readUsers(file));
  const logins = newcomers.map(({ role, id }) => {
    checkNewcomer({ role, id }, users[id]);
    const password = makePassword(random);
    users[id] = { role, id, hash: hashPassword(password, random) };
    return { username: id, password };
  });
  writeUsers(file, users);
  return logins;
}

const makePassword = (random: Random): string => Buffer.from(random.bytes(24)).toString("base64url");

function checkNewcomer({ role, id }: NewUser, present: BusUser | undefined): void {
  if (role === "leader" ? id !== "leader" : !isFollowerId(id))
    throw new SkeinError("BUS_USER_INVALID", `"${id}" cannot be a ${role} on the bus.`, {
      hint: "Ids are a-z, 0-9 and -, 63 at most; leader and flows are reserved.",
    });
  // A follower that happened to be called like the flow host would take its rights away from it.
  if (present && present.role !== role)
    throw new SkeinError("BUS_USER_INVALID", `"${id}" is already on the bus, as a ${present.role} and not a ${role}.`, {
      hint: "Choose another id.",
    });
}

/** Takes a user away; a running broker then throws off its connections and forgets its sessions. */
export function removeUser(file: string, name: string): void {
  const { [name]: gone, ...others } = readUsers(file);
  if (gone) writeUsers(file, others);
}

/**
 * Notes that a user is on its way out, and gives it a password that the caller alone knows. It stays in the file until `removeUser`: a
 * leader that dies in between finds at its next start what is to be ended. Undefined when there is no such user.
 */
export function beginRemoval(file: string, name: string, random: Random): Login | undefined {
  const users = Object.assign(noUsers(), readUsers(file));
  const user = users[name];
  if (!user) return undefined;
  const password = makePassword(random);
  users[name] = { ...user, hash: hashPassword(password, random), leaving: true };
  writeUsers(file, users);
  return { username: name, password };
}

/** The user when name and password fit, else undefined. */
export function verifyUser(
  users: BusUsers,
  name: string | undefined,
  password: string | undefined,
): BusUser | undefined {
  const user = name === undefined ? undefined : users[name];
  return user && passwordFits(user.hash, password ?? "") ? user : undefined;
}

/**
 * Whose a client id is: `skein-NAME` and all that begins with `skein-NAME-`. The longest name wins, so that user `attic`
 * cannot throw off `attic-2` by calling itself `skein-attic-2`.
 */
export function ownerOfClientId(users: BusUsers, clientId: string): string | undefined {
  if (!clientId.startsWith("skein-")) return undefined;
  for (let name = clientId.slice("skein-".length); name; name = name.slice(0, Math.max(0, name.lastIndexOf("-")))) {
    if (users[name]) return name;
  }
  return undefined;
}

function writeUsers(file: string, users: BusUsers): void {
  writeAtomically(file, `${JSON.stringify({ users }, null, 2)}\n`);
}

export interface WatchedUsers {
  /** As last read. */
  readonly current: BusUsers;
  /** Reads the file again when it has changed (one `stat`); one that cannot be read, or is away for a moment, changes nothing. */
  refresh(): BusUsers;
}

/** @throws SkeinError BUS_USERS_UNREADABLE at the beginning */
export function watchedUsers(file: string, logger: Logger): WatchedUsers {
  let stamp = stampOf(file);
  let users = readUsers(file);
  return {
    get current() {
      return users;
    },
    refresh() {
      const now = stampOf(file);
      if (now === stamp || now === "none") return users;
      try {
        users = readUsers(file);
        stamp = now;
      } catch (error) {
        logger.error({ reason: messageOf(error) }, "keeping the bus's users as they were");
      }
      return users;
    },
  };
}

function stampOf(file: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(file);
    return `${ino}:${mtimeMs}:${size}`;
  } catch {
    return "none";
  }
}
