import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { handOver, mosquittoConfig, readUsers, type MosquittoHandOver } from "@skein/broker";
import { freePort } from "./ports";
import { serverProcess, type ServerProcess } from "./server-process";

export interface HouseMosquitto
  extends MosquittoHandOver, Pick<ServerProcess, "port" | "pid" | "start" | "stop" | "signal"> {
  close(): Promise<void>;
}

export interface HouseMosquittoOptions {
  /** Gets a folder `mosquitto`. */
  readonly dir: string;
  readonly usersFile: string;
  /** Whom it runs as. Default: the test's own user. */
  readonly user?: string;
  /** Where it reads `passwords` and `acl`. Default: where they are handed over. */
  readonly filesIn?: string;
}

/** A real Mosquitto on the configuration and the files that a leader makes; it dies with the test. */
export async function startHouseMosquitto(options: HouseMosquittoOptions): Promise<HouseMosquitto> {
  const dir = join(options.dir, "mosquitto");
  mkdirSync(dir, { recursive: true });
  const pidFile = join(dir, "mosquitto.pid");
  const filesIn = options.filesIn ?? dir;
  if (options.filesIn === undefined) handOver(readUsers(options.usersFile), { dir });
  const port = await freePort();
  const config = mosquittoConfig({
    listeners: [{ port }],
    pidFile,
    passwordFile: join(filesIn, "passwords"),
    aclFile: join(filesIn, "acl"),
    persistenceDir: filesIn,
  });
  const file = join(dir, "mosquitto.conf");
  writeFileSync(file, `user ${options.user ?? userInfo().username}\n${config}`);
  const server = serverProcess({ ...commandAs(options.user, ["-c", file]), port, logFile: join(dir, "log") });
  await server.start();
  return Object.assign(server, { dir, pidFile, close: () => server.stop("SIGKILL") });
}

/** One that changes its user by itself would live on without us: the kernel then forgets what it was told (prctl(2), PR_SET_PDEATHSIG). */
function commandAs(user: string | undefined, args: readonly string[]): { command: string; args: readonly string[] } {
  if (user === undefined) return { command: "mosquitto", args };
  const as = ["--reuid", user, "--regid", user, "--init-groups", "--pdeathsig", "KILL"];
  return { command: "setpriv", args: [...as, "mosquitto", ...args] };
}
