import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

const BUNDLE = join(__dirname, "../../follower-agents/dist/agent.js");
const ARCH = process.arch === "arm64" ? "aarch64" : "x86_64";
const FAKETIME = `/usr/lib/${ARCH}-linux-gnu/faketime/libfaketime.so.1`;

export interface AgentOptions {
  readonly id: string;
  /** Where it keeps its things; removed by the test that made it. */
  readonly folder: string;
  readonly busUrl: string;
  readonly username?: string;
  readonly password?: string;
  readonly heartbeatMs?: number;
  readonly metricsMs?: number;
  /** What people call it; its id when left out. */
  readonly name?: string;
  /** Reports this very machine instead of a made-up host. */
  readonly realHost?: boolean;
  /** Settings of further capabilities. */
  readonly capabilities?: object;
  /** Gives it a wall clock of its own (libfaketime), which `stepClock` steps; its monotonic clock stays true. */
  readonly ownClock?: boolean;
}

/** A real follower agent, as a process of its own, by default on a made-up host whose boot id a test can change. */
export class AgentProcess {
  private child: ChildProcess | undefined;
  private readonly config: string;
  private readonly clockFile: string;
  private bootId = randomUUID();

  constructor(private readonly options: AgentOptions) {
    mkdirSync(options.folder, { recursive: true });
    this.config = join(options.folder, `${options.id}.yaml`);
    this.clockFile = join(options.folder, `${options.id}.clock`);
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`the agent ${this.options.id} does not run`);
    return this.child.pid;
  }

  start(): void {
    const { id, name, busUrl, username, password, folder, heartbeatMs = 1_000, metricsMs = 10_000 } = this.options;
    const settings = {
      id,
      name,
      bus: { url: busUrl, username, password },
      stateDir: join(folder, `${id}-state`),
      logLevel: "warn",
      capabilities: { health: { heartbeatMs, metricsMs }, ...this.options.capabilities },
      host: this.options.realHost ? {} : { virtual: { bootId: this.bootId } },
    };
    writeFileSync(this.config, stringify(settings), { mode: 0o600 });
    this.stepClock(0);
    const ownClock = {
      LD_PRELOAD: FAKETIME,
      FAKETIME_TIMESTAMP_FILE: this.clockFile,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
    // The machine's own Node: the agent must run on the Node 20 that Debian has for a board.
    // setpriv: the kernel ends it when the test dies, however it dies.
    this.child = spawn("setpriv", ["--pdeathsig", "KILL", "/usr/bin/node", BUNDLE, "--config", this.config], {
      stdio: ["ignore", "ignore", process.env["SKEIN_TEST_LOGS"] ? "inherit" : "ignore"],
      env: { ...process.env, ...(this.options.ownClock ? ownClock : {}) },
    });
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Ends the process and waits until it is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    if (signal === "SIGKILL") child.kill("SIGCONT");
    await gone;
  }

  /** What a reboot changes: the next start bears a new boot id. */
  newBoot(): void {
    this.bootId = randomUUID();
  }

  /** Sets its wall clock off by so many seconds; needs `ownClock`. */
  stepClock(seconds: number): void {
    writeFileSync(this.clockFile, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}s\n`);
  }
}
