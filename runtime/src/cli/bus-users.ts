/** `skein follower add` and `skein bus-user add`: lets somebody onto a broker whose users the leader makes, and says the password once. */
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { createUser, handOver, readUsers, removeUser, type Role } from "@skein/broker";
import { isFreeId } from "@skein/contracts";
import { SkeinError, type Random } from "@skein/kit";
import { busUrlFor } from "../core/joining/bus-url";
import { firstOutside, inUrl } from "../core/joining/leader-url";
import { DEFAULT_TLS_PORT, LOOPBACK_HOST } from "../launcher/broker-listeners";
import { followerTls, followerYaml, writeFollowerFile } from "../launcher/follower-file";
import { brokerCaFile } from "../pem";
import type { LeaderSettings } from "../settings";
import { houseOptions, type CliParts, type HouseFlags } from "./house-options";
import { runningHouse } from "./running-house";

interface House {
  readonly dataDir: string;
  /** Whether the leader makes the broker's users. */
  readonly usersOurs: boolean;
  readonly url: string;
  readonly bus: LeaderSettings["bus"];
}

function houseOf(flags: HouseFlags, env: NodeJS.ProcessEnv): House {
  const options = houseOptions(flags, env);
  const { dataDir } = options;
  const { bus } = options.settings;
  const running = runningHouse(dataDir);
  const ports = {
    broker: running?.broker ?? options.brokerPort,
    brokerTls: running?.brokerTls ?? bus.listenTls?.port ?? DEFAULT_TLS_PORT,
  };
  return {
    dataDir,
    usersOurs: bus.kind === "embedded" || bus.mosquitto !== undefined,
    url: bus.advertise ?? bus.url ?? busUrlFor(ownName(bus.host), { bus, ports }),
    bus,
  };
}

/** By which others find the house's own broker, or this machine alone where it listens for no others. */
const ownName = (host = LOOPBACK_HOST): string =>
  host === "0.0.0.0" || host === "::" ? (firstOutside(networkInterfaces()) ?? LOOPBACK_HOST) : inUrl(host);

/** The agent's names for the files by which it believes the broker. */
function tlsOf({ url, bus }: House): ReturnType<typeof followerTls> {
  const caFile = bus.kind === "embedded" && /^(mqtts|wss):/.test(url) ? brokerCaFile(bus) : undefined;
  return caFile === undefined ? followerTls(bus) : { tls: { caFile } };
}

const usersFile = (house: House): string => join(house.dataDir, "secrets", "bus-users.json");

/** The broker watches the file, or is told. @throws SkeinError BUS_HAND_OVER_FAILED */
function tellBroker(house: House): void {
  if (house.bus.mosquitto) handOver(readUsers(usersFile(house)), house.bus.mosquitto);
}

/** @throws SkeinError BUS_USER_EXISTS, BUS_USER_INVALID, BUS_NOT_OURS, BUS_HAND_OVER_FAILED */
function makeUser(house: House, id: string, role: Role, renew: boolean, random: Random): string {
  if (!house.usersOurs) {
    throw new SkeinError(
      "BUS_NOT_OURS",
      "this house uses a broker of yours, whose users are made there (mosquitto_passwd).",
      { hint: "With a Mosquitto, bus.mosquitto in skein.yaml lets the leader make them." },
    );
  }
  const file = usersFile(house);
  if (!renew && readUsers(file)[id]) {
    throw new SkeinError("BUS_USER_EXISTS", `"${id}" is already a user of the bus.`, {
      hint: "--new-password gives it a new one; the old one is then worth nothing.",
    });
  }
  const { password } = createUser(file, { role, id }, random);
  tellBroker(house);
  return password;
}

function checkFree(id: string, what: string): void {
  if (isFreeId(id)) return;
  throw new SkeinError("BUS_USER_INVALID", `"${id}" cannot be ${what}.`, {
    hint: "Ids are a-z, 0-9 and -, 63 at most; leader, flows, flow-host and virtual-home are reserved.",
  });
}

export interface FollowerAddFlags extends HouseFlags {
  readonly name?: string | undefined;
  readonly out?: string | undefined;
  readonly "new-password"?: boolean | undefined;
}

export function addFollower(id: string, flags: FollowerAddFlags, { env, random, print, say }: CliParts): void {
  checkFree(id, "a follower's id");
  if (flags.out !== undefined && existsSync(flags.out) && !flags["new-password"])
    throw new SkeinError("FILE_EXISTS", `${flags.out} is already there.`, {
      hint: "Name another file, or move it away.",
    });
  const house = houseOf(flags, env);
  // The owner's own broker: its users are made there, and the password comes from the environment.
  const password = house.usersOurs
    ? makeUser(house, id, "follower", flags["new-password"] ?? false, random)
    : "${SKEIN_BUS_PASSWORD}";
  const follower = {
    id,
    ...(flags.name !== undefined && { name: flags.name }),
    bus: { url: house.url, username: id, password, ...tlsOf(house) },
    stateDir: `${id}-state`,
  };
  const heading = "For the follower agent: node agent.js --config follower.yaml (it holds a password: chmod 600)";
  if (flags.out === undefined) print(followerYaml(follower, heading));
  else
    try {
      writeFollowerFile(flags.out, follower, heading);
    } catch (error) {
      // Nobody knows the password: a new user shall not stand in the way of the next attempt.
      if (house.usersOurs && !flags["new-password"]) {
        removeUser(usersFile(house), id);
        tellBroker(house);
      }
      throw error;
    }
  say(
    flags.out === undefined
      ? "Put this into a file of the follower's, readable by its user alone."
      : `${flags.out} is written, readable by you alone.`,
  );
  if (follower.bus.tls)
    say("The certificates that it names are this machine's files: on another one, copy them and name them there.");
  if (house.bus.kind === "embedded" && house.bus.host === undefined)
    say(
      "The house's own broker listens on this machine only; for a follower elsewhere write bus: { host: 0.0.0.0 } into skein.yaml. It may then join with a code from the page, too.",
    );
}

export interface BusUserAddFlags extends HouseFlags {
  readonly role?: string | undefined;
  readonly "new-password"?: boolean | undefined;
}

export function addBusUser(id: string, flags: BusUserAddFlags, { env, random, print, say }: CliParts): void {
  const { role } = flags;
  if (role !== "flows" && role !== "follower")
    throw new SkeinError(
      "OPTION_INVALID",
      `--role ${role === undefined ? "is missing" : `"${role}" is none`}: flows (a Node-RED, a program) or follower.`,
    );
  checkFree(id, "a user of the bus");
  const house = houseOf(flags, env);
  const password = makeUser(house, id, role, flags["new-password"] ?? false, random);
  const caFile = tlsOf(house).tls?.caFile;
  print(`url: ${house.url}\nusername: ${id}\npassword: ${password}\n${caFile === undefined ? "" : `ca: ${caFile}\n`}`);
  say("The password is kept nowhere else.");
}
