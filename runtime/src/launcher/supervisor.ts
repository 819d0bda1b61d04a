/** Lends supervise.ts a real child process and real time: forks, listens, restarts, one child each, alone. */
import { fork, type ChildProcess } from "node:child_process";
import type { ChildLog } from "./child-log";
import type { ChildMessage } from "./ipc";
import type { PartState } from "./parts";
import {
  initial,
  isRestart,
  partState,
  supervise,
  TICK_MS,
  type ChildState,
  type Event,
  type Policy,
} from "./supervise";

export interface ChildPlan {
  readonly entry: string;
  readonly args?: readonly string[];
  /** Made anew for every start; undefined for a child that takes none (the agent reads its YAML). */
  init?(state: { readonly safeMode: boolean }): { readonly type: "init" } | undefined;
  readonly policy: Policy;
  readonly log: ChildLog;
  readonly env: NodeJS.ProcessEnv;
}

export interface ChildListeners {
  /** Anything that the page or a person may want to know has changed. */
  onChange?(): void;
  onReady?(): void;
  /** It ended without having been asked to. */
  onDeath?(how: {
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly ranMs: number;
    readonly stalled: boolean;
  }): void;
  /** It ended because it was told over the bus to restart, and is started again. */
  onRestart?(): void;
  onMessage?(message: ChildMessage): void;
}

export class SupervisedChild {
  private state: ChildState = initial;
  private process: ChildProcess | undefined;
  private stalled = false;
  private readonly ticker: NodeJS.Timeout;
  private shown: PartState = "stopped";
  private readonly waiters = new Set<{ phases: readonly string[]; resolve: () => void }>();

  constructor(
    private readonly plan: ChildPlan,
    private readonly listeners: ChildListeners = {},
  ) {
    this.ticker = setInterval(() => this.handle({ type: "tick" }), TICK_MS);
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }
  get safeMode(): boolean {
    return this.state.safeMode;
  }
  get part(): PartState {
    return partState(this.state, performance.now(), this.plan.policy);
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    this.handle({ type: "start" });
    await this.until(["up"]);
  }

  /** Resolves when it is gone, if only to start again; bounded, because a child that does not end is killed. */
  async stop(): Promise<void> {
    this.handle({ type: "stop" });
    await this.until(["stopped", "starting"]);
  }

  /** Stop, at once. */
  async kill(): Promise<void> {
    const stopped = this.stop();
    this.signal("SIGKILL");
    await stopped;
  }

  /** No more timers; after stop(). */
  dispose(): void {
    clearInterval(this.ticker);
    this.plan.log.close();
  }

  send(message: object): void {
    if (this.process?.connected) this.process.send(message, () => {});
  }

  private until(phases: readonly string[]): Promise<void> {
    if (phases.includes(this.state.phase)) return Promise.resolve();
    return new Promise((resolve) => this.waiters.add({ phases, resolve }));
  }

  private handle(event: Event): void {
    const before = this.state;
    const { state, effects } = supervise(this.state, event, performance.now(), this.plan.policy);
    this.state = state;
    for (const effect of effects) {
      if (effect === "spawn") this.spawn();
      else if (effect === "terminate") this.process?.kill("SIGTERM");
      else {
        this.stalled = state.phase === "stalled";
        this.signal("SIGKILL");
      }
    }
    for (const waiter of this.waiters) {
      if (!waiter.phases.includes(this.state.phase)) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
    if (before.phase === "starting" && state.phase === "up") this.listeners.onReady?.();
    if (this.part !== this.shown || before.safeMode !== state.safeMode || effects.includes("spawn")) {
      this.shown = this.part;
      this.listeners.onChange?.();
    }
  }

  private spawn(): void {
    const { entry, args, env, log } = this.plan;
    // A process group of its own: Ctrl-C in a terminal reaches the launcher only, which stops its children in order.
    const child = fork(entry, args ? [...args] : [], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
      env,
      execArgv: [],
    });
    this.process = child;
    this.stalled = false;
    const startedAt = performance.now();
    if (child.stdout) log.follow(child.stdout);
    if (child.stderr) log.follow(child.stderr);
    child.on("message", (message: ChildMessage) => {
      if (this.process !== child) return;
      if (message.type === "ready" || message.type === "alive" || message.type === "safe-mode") this.handle(message);
      this.listeners.onMessage?.(message);
    });
    let gone = false;
    const ended = (code: number | null, signal: NodeJS.Signals | null) => {
      if (gone) return;
      gone = true;
      const asked = this.state.phase === "stopping";
      const stalled = this.stalled;
      // What it had started itself (an npm install) shall not outlive it.
      this.signal("SIGKILL", child);
      this.process = undefined;
      this.handle({ type: "exit", code });
      if (asked) return;
      if (isRestart(code, this.plan.policy)) this.listeners.onRestart?.();
      else this.listeners.onDeath?.({ code, signal, ranMs: performance.now() - startedAt, stalled });
    };
    child.on("exit", ended);
    child.on("error", () => child.pid === undefined && ended(null, null));
    const init = this.plan.init?.({ safeMode: this.state.safeMode });
    if (init) child.send(init, () => {});
  }

  /** To the whole group; a group that is gone is fine. */
  private signal(signal: NodeJS.Signals, child = this.process): void {
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // Already gone.
    }
  }
}
