import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { answers } from "./ports";
import type { TempDir } from "./temp-dir";

/** A real server as a child process: started, stopped by a signal, started again on the same port. */
export interface ServerProcess {
  readonly port: number;
  readonly pid: number | undefined;
  /** Starts it and waits until it accepts connections. @throws Error with the end of its log */
  start(): Promise<void>;
  /** Ends it and waits until it is gone. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Freezes or wakes it, as a machine that hangs. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  log(): string;
}

export interface OwnServer extends ServerProcess {
  /** Stops it and removes its directory. */
  close(): Promise<void>;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly logFile: string;
  /** How long it may take to answer, ms. Default 15000. */
  readonly startMs?: number;
}

/** Starts a server in a directory of its own, its configuration in it already; what cannot start leaves nothing behind. */
export async function startServer(dir: TempDir, options: Omit<ServerCommand, "logFile">): Promise<OwnServer> {
  const server = serverProcess({ ...options, logFile: dir.join("log") });
  const close = async () => {
    server.signal("SIGCONT");
    await server.stop("SIGKILL");
    dir.remove();
  };
  try {
    await server.start();
  } catch (error) {
    await close();
    throw error;
  }
  return Object.assign(server, { close });
}

export function serverProcess({ command, args, port, logFile, startMs = 15_000 }: ServerCommand): ServerProcess {
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  const log = () => {
    try {
      return readFileSync(logFile, "utf8");
    } catch {
      return "";
    }
  };
  return {
    port,
    get pid() {
      return child?.pid;
    },
    async start() {
      if (child) return;
      const out = openSync(logFile, "a");
      // The kernel ends it when we die, however we die: no test leaves a server behind.
      const mine = spawn("setpriv", ["--pdeathsig", "KILL", command, ...args], { stdio: ["ignore", out, out] });
      closeSync(out);
      let over = false;
      ended = new Promise((resolve) => {
        const end = () => {
          over = true;
          if (child === mine) child = undefined;
          resolve();
        };
        mine.once("exit", end);
        mine.once("error", end);
      });
      child = mine;
      const deadline = Date.now() + startMs;
      while (!(await answers(port))) {
        if (over || Date.now() > deadline) {
          mine.kill("SIGKILL");
          throw new Error(`${command} does not answer on port ${port}: ${log().slice(-2000)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop(signal = "SIGTERM") {
      child?.kill(signal);
      await ended;
    },
    signal(signal) {
      child?.kill(signal);
    },
    log,
  };
}
