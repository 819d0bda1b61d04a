import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";

/** util-linux's setpriv: the kernel then kills the agent when its parent dies, also when the agent is stopped by SIGSTOP. */
const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => existsSync(path));

export interface AgentProcess {
  readonly pid: number | undefined;
  /** True until it has ended. */
  readonly running: boolean;
  signal(signal: NodeJS.Signals): void;
  /** How it ended: its exit code, or null for a signal. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts the real agent. It must not outlive the home: the kernel kills it (setpriv), and where there is no setpriv the agent ends
 * by itself when the pipe on its stdin closes (`exitWithParent`). `secrets` are variables that its file names as `${VARIABLE}`.
 */
export function startAgentProcess(
  nodePath: string,
  agentEntry: string,
  configFile: string,
  secrets: Readonly<Record<string, string>> = {},
): AgentProcess {
  const command = [nodePath, agentEntry, "--config", configFile];
  const [file = nodePath, ...args] = SETPRIV ? [SETPRIV, "--pdeathsig", "KILL", ...command] : command;
  // Its own output goes where the home's goes. No IPC channel: the home is no launcher.
  const child: ChildProcess = spawn(file, args, {
    stdio: ["pipe", "inherit", "inherit"],
    env: { ...process.env, ...secrets },
  });
  child.stdin?.on("error", () => {});
  let running = true;
  const ended = new Promise<number | null>((resolve) => {
    const end = (code: number | null) => {
      running = false;
      resolve(code);
    };
    child.once("exit", (code) => end(code));
    child.once("error", () => end(null));
  });
  return {
    pid: child.pid,
    get running() {
      return running;
    },
    signal: (signal) => void (running && child.kill(signal)),
    ended,
  };
}
