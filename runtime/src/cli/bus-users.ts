/** `skein follower add` and `skein bus-user add`: lets somebody onto the embedded broker, and says the password once. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createUser, readUsers, removeUser, type Role } from "@skein/broker";
import { isFreeId } from "@skein/contracts";
import { SkeinError, type Random } from "@skein/kit";
import { leaderOf } from "../launcher/leader-lock";
import { followerTls, followerYaml, writeFollowerFile } from "../launcher/follower-file";
import { leaderOptions, type LeaderSettings } from "../settings";

export interface HouseFlags {
  readonly config?: string | undefined;
  readonly "data-dir"?: string | undefined;
}

export interface CliParts {
  readonly env: NodeJS.ProcessEnv;
  readonly random: Random;
  /** For what a program may read: stdout. */
  readonly print: (text: string) => void;
  /** For people: stderr. */
  readonly say: (line: string) => void;
}

interface House {
  readonly dataDir: string;
  readonly embedded: boolean;
  readonly url: string;
  readonly bus: LeaderSettings["bus"];
}

function houseOf(flags: HouseFlags, env: NodeJS.ProcessEnv): House {
  const argv = [
    // Whether this machine's own follower can log in is the leader's concern.
    "--no-follower",
    ...(flags.config === undefined ? [] : ["--config", flags.config]),
    ...(flags["data-dir"] === undefined ? [] : ["--data-dir", flags["data-dir"]]),
  ];
  const options = leaderOptions(argv, env);
  const dataDir = resolve(options.dataDir);
  const { bus } = options.settings;
  const embedded = bus.kind === "embedded";
  return {
    dataDir,
    embedded,
    url: embedded ? `mqtt://127.0.0.1:${runningPort(dataDir) ?? options.brokerPort}` : (bus.url ?? ""),
    bus,
  };
}

/** The port of the leader that runs there, which may be another than the one that stands in the settings. */
function runningPort(dataDir: string): number | undefined {
  // What a leader that was killed left behind says nothing.
  if (leaderOf(dataDir) === undefined) return undefined;
  const file = join(dataDir, "run", "pids.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { broker: number }).broker : undefined;
}

const usersFile = (house: House): string => join(house.dataDir, "secrets", "bus-users.json");

/** @throws SkeinError BUS_USER_EXISTS, BUS_USER_INVALID, BUS_NOT_OURS */
function makeUser(house: House, id: string, role: Role, renew: boolean, random: Random): string {
  if (!house.embedded) {
    throw new SkeinError(
      "BUS_NOT_OURS",
      "this house uses a broker of yours, whose users are made there (mosquitto_passwd).",
    );
  }
  const file = usersFile(house);
  if (!renew && readUsers(file)[id]) {
    throw new SkeinError("BUS_USER_EXISTS", `"${id}" is already a user of the bus.`, {
      hint: "--new-password gives it a new one; the old one is then worth nothing.",
    });
  }
  return createUser(file, { role, id }, random).password;
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
  const password = house.embedded
    ? makeUser(house, id, "follower", flags["new-password"] ?? false, random)
    : "${SKEIN_BUS_PASSWORD}";
  const follower = {
    id,
    ...(flags.name !== undefined && { name: flags.name }),
    bus: { url: house.url, username: id, password, ...followerTls(house.bus) },
    stateDir: `${id}-state`,
  };
  const heading = "For the follower agent: node agent.js --config follower.yaml (it holds a password: chmod 600)";
  if (flags.out === undefined) print(followerYaml(follower, heading));
  else
    try {
      writeFollowerFile(flags.out, follower, heading);
    } catch (error) {
      // Nobody knows the password: a new user shall not stand in the way of the next attempt.
      if (house.embedded && !flags["new-password"]) removeUser(usersFile(house), id);
      throw error;
    }
  say(
    flags.out === undefined
      ? "Put this into a file of the follower's, readable by its user alone."
      : `${flags.out} is written, readable by you alone.`,
  );
  if (house.bus.tls)
    say("The certificates that it names are this machine's files: on another one, copy them and name them there.");
  if (house.embedded)
    say(
      "The house's own broker listens on this machine only; a follower elsewhere needs a broker of yours (bus.kind: mqtt in skein.yaml) until accounts are there.",
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
  print(`url: ${house.url}\nusername: ${id}\npassword: ${password}\n`);
  say("The password is kept nowhere else.");
}
