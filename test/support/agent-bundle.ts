import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import type { TempDir } from "./temp-dir";

const ROOT = join(__dirname, "../..");

/** Makes the agent's one file, as a board gets it: alone in a directory, without node_modules. Returns its path. */
export function buildAgent(dir: TempDir): string {
  const file = dir.join("agent.js");
  execFileSync(process.execPath, [join(ROOT, "follower-agents/build.mjs"), "--outfile", file], { stdio: "pipe" });
  return file;
}

/** Starts it as a process of its own, which dies with the test however that ends. `inside`: what goes before the command (network.ts). */
export function startAgentProcess(
  file: string,
  args: readonly string[],
  node = "/usr/bin/node",
  inside: readonly string[] = [],
) {
  const [command = "", ...rest] = [...inside, "setpriv", "--pdeathsig", "KILL", node, file, ...args];
  const child = spawn(command, rest, { stdio: ["pipe", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return {
    child,
    /** What it logged, and what it said to people. */
    output: () => text,
    exit: new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
      child.once("close", (code, signal) => resolve({ code, signal })),
    ),
  };
}

export type StartedAgent = ReturnType<typeof startAgentProcess>;
