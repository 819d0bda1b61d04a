/** `node agent.js join CODE --leader URL`: gets this machine a login of its own from the leader, and keeps it in its follower.yaml. */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { joinAnswer, type JoinAnswer, type JoinRequest } from "@skein/contracts";
import { check, messageOf, SkeinError, writeAtomically } from "@skein/kit";
import { askLeader, checkTrust, type LeaderTrust } from "./ask-leader";
import type { JoinLine } from "./command-line";
import { forgetPermission } from "./privacy-guard";

export interface Joined {
  readonly id: string;
  /** follower.yaml */
  readonly file: string;
}

/**
 * @throws SkeinError FILE_EXISTS, DIR_UNUSABLE, OPTION_INVALID, LEADER_UNREACHABLE, LEADER_UNTRUSTED, LEADER_ANSWER_INVALID, and what the
 * leader answers (JOIN_CODE_WRONG)
 */
export async function joinHouse(
  { code, leader, trust, dir, replace }: Pick<JoinLine, "code" | "leader" | "trust" | "dir" | "replace">,
  machine: Pick<JoinRequest, "hostname" | "host">,
): Promise<Joined> {
  const file = join(dir, "follower.yaml");
  // All that can fail here fails before the code is used up.
  if (existsSync(file) && !replace)
    throw new SkeinError("FILE_EXISTS", `${file} is already there: this machine is a follower of a house.`, {
      hint: "--replace joins again and writes over it; --dir DIR makes another follower.",
    });
  const address = joinAddress(leader);
  checkTrust(address, trust);
  makeFolder(join(dir, "state"));
  makeFolder(dir);
  const answer = await ask(address, { code, ...machine }, trust);
  forgetPermission(join(dir, "state"));
  const { ca } = answer.bus;
  if (ca !== undefined) writeAtomically(join(dir, CA_FILE), ca);
  writeAtomically(file, followerYaml(answer));
  return { id: answer.id, file };
}

const CA_FILE = "house-ca.pem";

/** Every string as JSON writes it, which YAML reads. */
function followerYaml({ id, name, bus }: JoinAnswer): string {
  // What a name could have in common with a variable would be taken for one.
  const plainName = name.replaceAll("${", "{");
  const lines = [
    "# Written by `agent.js join`; it holds this follower's password: keep it readable by its user alone.",
    `id: ${JSON.stringify(id)}`,
    `name: ${JSON.stringify(plainName)}`,
    "bus:",
    `  url: ${JSON.stringify(bus.url)}`,
    `  username: ${JSON.stringify(bus.username)}`,
    `  password: ${JSON.stringify(bus.password)}`,
    ...(bus.ca === undefined ? [] : [`  tls: { caFile: ${CA_FILE} }`]),
    "stateDir: state",
    "",
  ];
  return lines.join("\n");
}

function joinAddress(leader: string): URL {
  const text = /^https?:\/\//i.test(leader) ? leader : `http://${leader}`;
  if (!URL.canParse(text))
    throw new SkeinError("OPTION_INVALID", `--leader "${leader}" is no address.`, {
      hint: "As the leader's page has it: http://192.168.1.5:1880.",
    });
  return new URL("/api/v1/join", text);
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.W_OK);
  } catch (error) {
    throw new SkeinError("DIR_UNUSABLE", `cannot write into ${dir}: ${messageOf(error)}.`, {
      hint: "--dir names another folder.",
      cause: error,
    });
  }
}

async function ask(address: URL, request: JoinRequest, trust: LeaderTrust): Promise<JoinAnswer> {
  const { status, body } = await askLeader(address, request, trust);
  const isFine = status >= 200 && status < 300;
  const { code, detail } = (body ?? {}) as { code?: unknown; detail?: unknown };
  if (!isFine && typeof code === "string" && typeof detail === "string") throw new SkeinError(code, detail);
  const answer = check(joinAnswer, body);
  if (isFine && answer.ok) return answer.data;
  throw new SkeinError(
    "LEADER_ANSWER_INVALID",
    `what answers at ${address.origin} is no Skein leader that this agent understands (status ${status}).`,
    { hint: "Check the address; leader and agent may be of different versions." },
  );
}
