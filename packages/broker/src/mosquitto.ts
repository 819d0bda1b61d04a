/**
 * The same rules for a house that runs Mosquitto: its configuration and ACL file as texts. Read-only is not different there: what the
 * embedded broker refuses, Mosquitto refuses, except that
 * - flows have no topics outside `skein/v1/` (a wildcard that leaves a prefix out cannot be said in an ACL file), and
 * - a subscription that is not allowed is granted and brings nothing.
 * Users come from `bus-users.json` by name; passwords go into Mosquitto's own file with `mosquitto_passwd`.
 */
import { MAX_MESSAGE_BYTES } from "@skein/contracts";
import { rightsOf } from "./access";
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

export interface MosquittoFiles {
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly passwordFile: string;
  readonly aclFile: string;
  /** Where it keeps states and queues. */
  readonly persistenceDir: string;
}

/** mosquitto.conf. The client id is the user's name, so that nobody throws off another by calling itself like it. */
export function mosquittoConfig({
  port,
  host = "127.0.0.1",
  passwordFile,
  aclFile,
  persistenceDir,
}: MosquittoFiles): string {
  return [
    "# Made by packages/broker: do not edit.",
    "per_listener_settings false",
    `listener ${port} ${host}`,
    "allow_anonymous false",
    `password_file ${passwordFile}`,
    `acl_file ${aclFile}`,
    "use_username_as_clientid true",
    "persistence true",
    `persistence_location ${persistenceDir}/`,
    "# States and queues reach the disk at the latest after so many seconds: a SIGKILL loses what came since.",
    "autosave_interval 30",
    `message_size_limit ${MAX_MESSAGE_BYTES}`,
    `max_packet_size ${MAX_MESSAGE_BYTES + 1024}`,
    "max_queued_messages 10000",
    "",
  ].join("\n");
}
