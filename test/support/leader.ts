import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createUser } from "@skein/broker";
import type { FollowerView, HouseHealth } from "@skein/contracts";
import { systemRandom } from "@skein/kit";
import { stringify } from "yaml";
import { bearer, makeAccounts, type TestLogin } from "../../runtime/src/core/testing/owner";
import { eventually } from "./eventually";
import { fetchTrusting } from "./https-fetch";
import { tempDir } from "./temp-dir";
import { leaderNode } from "./leader-node";

const ROOT = join(__dirname, "../..");
const MAIN = join(ROOT, "runtime/dist/launcher/main.js");

export type Part = "launcher" | "broker" | "core" | "flowHost" | "follower" | "virtualHome";

export interface LeaderTestOptions {
  /** What stands in skein.yaml; left out: no file. */
  readonly settings?: object;
  readonly demo?: boolean;
  /** With a follower agent for this machine. Default false. */
  readonly follower?: boolean;
  /** A directory of the test's own, which is not removed. Default: a new one, removed by stop(). */
  readonly dataDir?: string;
  /** Default 0: free ones. */
  readonly port?: number;
  readonly brokerPort?: number;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** With `http.tls` among the settings: the PEM of the authority by which the test believes the leader. */
  readonly ca?: string;
  /** False: a house as at its first start, without anybody. Default true: it has its owner. */
  readonly owner?: boolean;
  /** Puts things into the data directory before the start. */
  prepare?(dataDir: string): void;
  /** How long it may take to be ready, ms. Default 60000: a busy machine is no failure. */
  readonly startMs?: number;
}

export interface Leader {
  /** `http://127.0.0.1:PORT`, with `ca` https; no slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly brokerPort: number;
  /** The embedded broker. */
  readonly busUrl: string;
  readonly dataDir: string;
  /** Who the house belongs to. @throws Error when it has nobody yet */
  readonly owner: TestLogin;
  /** The owner's session, for a browser's page: `browser.open(url, {cookie: leader.cookie})`. */
  readonly cookie: { readonly name: string; readonly value: string };
  /** Of a part that runs. @throws Error when it does not */
  pid(part: Part): number;
  signal(part: Part, signal: NodeJS.Signals): void;
  /** Resolves when /healthz is 200. */
  ready(withinMs?: number): Promise<void>;
  health(): Promise<HouseHealth>;
  /** SIGKILLs a part and waits until a new one stands in its place and the house is healthy. */
  restart(part: Exclude<Part, "launcher">): Promise<void>;
  /** As the owner, unless `init` says otherwise (`headers: {authorization: ""}` is nobody). */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  follower(id: string): Promise<FollowerView>;
  /** Makes a user on the embedded broker. */
  busUser(id: string, role: "leader" | "flows" | "follower"): { url: string; username: string; password: string };
  /** All that was printed. */
  output(): string;
  /** What a part logged. */
  log(part: Part): string;
  /** Ctrl-C; resolves with the exit code when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a real leader: launcher, broker, core and flow host as processes, on free ports, in a directory of its own. */
export async function startLeader(options: LeaderTestOptions = {}): Promise<Leader> {
  const own = options.dataDir === undefined ? tempDir("skein-leader-") : undefined;
  const dataDir = options.dataDir ?? own?.join("data") ?? "";
  mkdirSync(dataDir, { recursive: true });
  const owner = options.owner === false ? undefined : await ownerOf(dataDir);
  options.prepare?.(dataDir);
  const config = join(dataDir, "skein.yaml");
  if (options.settings) writeFileSync(config, stringify(options.settings));
  const process_ = runLauncher(
    [
      "--data-dir",
      dataDir,
      "--port",
      String(options.port ?? 0),
      "--broker-port",
      String(options.brokerPort ?? 0),
      ...(options.settings ? ["--config", config] : []),
      ...(options.demo ? ["--demo"] : []),
      ...(options.follower ? [] : ["--no-follower"]),
      ...(options.args ?? []),
    ],
    options.env,
  );
  const { child, gone } = process_;
  const log = (part: Part) =>
    existsSync(join(dataDir, "logs", `${part}.log`)) ? readFileSync(join(dataDir, "logs", `${part}.log`), "utf8") : "";
  const stop = async (signal: NodeJS.Signals = "SIGINT") => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.kill(signal);
    const code = await gone;
    clearTimeout(timer);
    own?.remove();
    return code;
  };
  try {
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(`the leader ended:\n${process_.output()}`);
        if (!process_.output().includes("Ctrl-C stops everything"))
          throw new Error(`the leader is not ready:\n${process_.output()}`);
      },
      options.startMs ?? 60_000,
      30,
    );
  } catch (error) {
    const tail = (["broker", "core", "flowHost", "virtualHome"] as const)
      .map((part) => log(part).slice(-1500))
      .join("\n");
    await stop("SIGKILL");
    throw new Error(`${(error as Error).message}\n${tail}`, { cause: error });
  }

  const run = () =>
    JSON.parse(readFileSync(join(dataDir, "run", "pids.json"), "utf8")) as {
      http: number;
      broker: number;
      pids: Partial<Record<Part, number | null>>;
    };
  const { http: port, broker: brokerPort } = run();
  const url = `${options.ca === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  const fetch_ = options.ca === undefined ? fetch : fetchTrusting(options.ca);
  const busUrl = `mqtt://127.0.0.1:${brokerPort}`;
  const pid = (part: Part) => {
    const found = run().pids[part];
    if (found === undefined || found === null) throw new Error(`the ${part} does not run`);
    return found;
  };
  const health = async () => (await (await fetch_(`${url}/healthz`)).json()) as HouseHealth;
  const ready = (withinMs = 60_000) =>
    eventually(async () => {
      const now = await health();
      if (!now.ok) throw new Error(`not healthy: ${JSON.stringify(now)}`);
    }, withinMs);
  const leader: Leader = {
    url,
    port,
    brokerPort,
    busUrl,
    dataDir,
    pid,
    health,
    ready,
    log,
    stop,
    output: () => process_.output(),
    get owner() {
      if (!owner) throw new Error("this house has no owner yet");
      return owner;
    },
    get cookie() {
      return { name: `skein_session_${port}`, value: this.owner.session };
    },
    signal: (part, signal) => process.kill(pid(part), signal),
    async restart(part) {
      const before = pid(part);
      process.kill(before, "SIGKILL");
      await eventually(() => {
        if (pid(part) === before) throw new Error(`the ${part} is still the old one`);
      });
      await ready();
    },
    fetch: (path, init) => {
      const headers = new Headers(owner && bearer(owner));
      new Headers(init?.headers).forEach((value, name) =>
        value === "" ? headers.delete(name) : headers.set(name, value),
      );
      return fetch_(`${url}${path}`, { ...init, headers });
    },
    async follower(id) {
      const response = await leader.fetch(`/api/v1/followers/${id}`);
      if (!response.ok) throw new Error(`${id}: ${response.status} ${await response.text()}`);
      return (await response.json()) as FollowerView;
    },
    busUser: (id, role) => ({
      url: busUrl,
      ...createUser(join(dataDir, "secrets", "bus-users.json"), { role, id }, systemRandom),
    }),
  };
  await ready();
  return leader;
}

/** Made once a directory: a leader that is started again on it keeps its owner. */
const owners = new Map<string, TestLogin>();
async function ownerOf(dataDir: string): Promise<TestLogin> {
  const owner = owners.get(dataDir) ?? (await makeAccounts(dataDir, ["admin"])).admin;
  owners.set(dataDir, owner);
  return owner;
}

export interface LauncherProcess {
  readonly child: ChildProcess;
  /** Resolves with the exit code. */
  readonly gone: Promise<number | null>;
  output(): string;
}

/** The launcher with any command line, for tests of what it says when it cannot start. Dies with the test, and its children with it. */
export function runLauncher(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = ROOT): LauncherProcess {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", leaderNode, MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    cwd,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const gone = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { child, gone, output: () => output };
}
