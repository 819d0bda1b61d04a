/**
 * The same rules for a house that runs Mosquitto: its configuration and ACL file as texts. Read-only is not different there: what the
 * embedded broker refuses, Mosquitto refuses, except that
 * - flows have no topics outside `skein/v1/` (a wildcard that leaves a prefix out cannot be said in an ACL file), and
 * - a subscription that is not allowed is granted and brings nothing.
 * Users come from `bus-users.json` by name; their passwords are kept there as Mosquitto keeps them (password-hash.ts).
 */
import { MAX_MESSAGE_BYTES } from "@skein/contracts";
import { rightsOf } from "./access";
import { isMosquittoHash } from "./password-hash";
import type { BusUser } from "./users";

/** One block a user: by name and not by `pattern`, which would hold for users of every role. */
export function mosquittoAcl(users: Readonly<Record<string, Pick<BusUser, "role" | "id">>>): string {
  const blocks = Object.entries(users).map(([name, { role, id }]) => {
    const { write, read } = rightsOf(role, id);
    return [
      `user ${name}`,
      ...write.map((filter) => `topic write ${filter}`),
      ...read.map((filter) => `topic read ${filter}`),
    ].join("\n");
  });
  return `# Made from the messages in packages/contracts: do not edit.\n\n${blocks.join("\n\n")}\n`;
}

/**
 * Its password file. Who has a password from before such hashes were made is not in it, and is let in when a new one is made.
 */
export function mosquittoPasswords(users: Readonly<Record<string, Pick<BusUser, "hash">>>): string {
  return Object.entries(users)
    .filter(([, { hash }]) => isMosquittoHash(hash))
    .map(([name, { hash }]) => `${name}:${hash}\n`)
    .join("");
}

export interface MosquittoListener {
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** PEM files: then it speaks TLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

export interface MosquittoFiles {
  readonly listeners: readonly MosquittoListener[];
  /** Where whoever has it read its files finds its number. */
  readonly pidFile: string;
  readonly passwordFile: string;
  readonly aclFile: string;
  /** Where it keeps states and queues. */
  readonly persistenceDir: string;
}

/** mosquitto.conf, whole: Mosquitto takes a second `pid_file` or `persistence_location`, from an included file, for an error. */
export function mosquittoConfig({ listeners, pidFile, passwordFile, aclFile, persistenceDir }: MosquittoFiles): string {
  return [
    "# Made by packages/broker: do not edit.",
    `pid_file ${pidFile}`,
    "per_listener_settings false",
    "# Small messages would wait up to 40 ms for each other.",
    "set_tcp_nodelay true",
    "allow_anonymous false",
    `password_file ${passwordFile}`,
    `acl_file ${aclFile}`,
    "persistence true",
    `persistence_location ${persistenceDir}/`,
    "# States and queues reach the disk at the latest after so many seconds: a SIGKILL loses what came since.",
    "autosave_interval 30",
    `message_size_limit ${MAX_MESSAGE_BYTES}`,
    `max_packet_size ${MAX_MESSAGE_BYTES + 1024}`,
    "max_queued_messages 10000",
    "",
    "# A client's id is its user's name, so that nobody throws off another by calling itself like it: said for each listener anew.",
    ...listeners.flatMap(listenerLines),
    "",
  ].join("\n");
}

const listenerLines = ({ port, host = "127.0.0.1", tls }: MosquittoListener): string[] => [
  `listener ${port} ${host}`,
  ...(tls ? [`certfile ${tls.certFile}`, `keyfile ${tls.keyFile}`] : []),
  "use_username_as_clientid true",
];
