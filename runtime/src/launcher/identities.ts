/**
 * Who is who on the bus of this leader. On the embedded broker, and on a Mosquitto whose users the leader makes, every part gets a
 * user of its own with a new password at every start, handed over by IPC or in its environment and kept nowhere in plain; with
 * another broker of the owner's it is what skein.yaml says.
 */
import { hostname } from "node:os";
import { createUsers, handOver, readUsers, type NewUser } from "@skein/broker";
import type { BusAddress } from "@skein/bus";
import { isFreeId, PART_IDS, RESERVED_IDS } from "@skein/contracts";
import { SkeinError, type Random } from "@skein/kit";
import { pem } from "../pem";
import type { LeaderSettings } from "../settings";

export interface Identities {
  /** Where and as whom one of `people` is on the bus. */
  address(id: string): BusAddress;
}

export type Person = NewUser;

/** The house's own few parts find their own broker soon again after it was away: nobody else is held up by that. */
const OWN_BACKOFF_MS = 1000;

/** All get their users in one write. @throws SkeinError BUS_USER_INVALID, BUS_USERS_UNREADABLE, BUS_HAND_OVER_FAILED, CONFIG_UNREADABLE */
export function identities(
  settings: LeaderSettings,
  parts: {
    readonly usersFile: string;
    readonly brokerPort: number;
    readonly random: Random;
    readonly people: readonly Person[];
  },
): Identities {
  const { bus, follower } = settings;
  const { usersFile, brokerPort, random, people } = parts;
  const tls = bus.tls && {
    ...(bus.tls.ca !== undefined && { ca: pem(bus.tls.ca, "bus.tls") }),
    ...(bus.tls.cert !== undefined && { cert: pem(bus.tls.cert, "bus.tls") }),
    ...(bus.tls.key !== undefined && { key: pem(bus.tls.key, "bus.tls") }),
    rejectUnauthorized: bus.tls.rejectUnauthorized,
  };
  const own = {
    ...(bus.username !== undefined && { username: bus.username }),
    ...(bus.password !== undefined && { password: bus.password }),
  };
  const logins = bus.kind === "embedded" || bus.mosquitto ? createUsers(usersFile, people, random) : undefined;
  if (bus.mosquitto) handOver(readUsers(usersFile), bus.mosquitto);
  return {
    address(id) {
      const clientId = `skein-${id}`;
      const login = logins?.find(({ username }) => username === id);
      if (login)
        return {
          url: bus.url ?? `mqtt://127.0.0.1:${brokerPort}`,
          clientId,
          ...login,
          maxBackoffMs: OWN_BACKOFF_MS,
          ...(tls && { tls }),
        };
      const role = people.find((person) => person.id === id)?.role;
      const named =
        role === "flows"
          ? bus.flowHost
          : role === "follower"
            ? { username: follower.username, password: follower.password }
            : undefined;
      return {
        url: bus.url ?? "",
        clientId,
        ...(named?.username === undefined
          ? own
          : { username: named.username, ...(named.password !== undefined && { password: named.password }) }),
        ...(tls && { tls }),
        // Redis has no wills of its own: the leader turns expired keys into them.
        ...(bus.kind === "redis" && role === "leader" && { reaper: true }),
      };
    },
  };
}

/** "My_Laptop.local" gives "my-laptop". @throws SkeinError CONFIG_INVALID when skein.yaml names an id that is none */
export function followerId(wanted: string | undefined, host = hostname()): string {
  if (wanted !== undefined) {
    if (!isFreeId(wanted))
      throw new SkeinError(
        "CONFIG_INVALID",
        `follower.id: "${wanted}" is no id: a-z, 0-9 and -, 63 at most, and not ${[...RESERVED_IDS, ...PART_IDS].join(", ")}.`,
      );
    return wanted;
  }
  const id = (host.split(".")[0] ?? "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");
  return isFreeId(id) ? id : "this-machine";
}
