/**
 * A follower's life as a list of moments, for tests: runs the detector the way an edge does, asking it again at every
 * `nextCheckAt`, and takes down each change of verdict.
 */
import type { VerdictData } from "@skein/contracts";
import { limitsOf, type Limits } from "../limits";
import { initialMemory, type Memory, type Remembered } from "../memory";
import type { Observation } from "../observation";
import { step } from "../step";

export class Script {
  /** `"12.5 suspect silence"`, ms as s. */
  readonly log: string[] = [];
  readonly pings: number[] = [];
  readonly verdicts: VerdictData[] = [];
  memory: Memory;
  now = 0;
  /** Wall clock minus `now`, ms: step it to step the observer's clock. */
  wallOffset = 1_000_000;
  /** When the detector wants to be asked again. */
  next: number | undefined;
  private readonly limits: Limits;
  /** How long it slept, ms, as far as it knows. */
  private absent = 0;
  /** `next` in the detector's own time. */
  private due = Infinity;

  constructor(options: { limits?: Partial<Limits>; linkUp?: boolean; remembered?: Remembered } = {}) {
    this.limits = limitsOf(options.limits);
    this.memory = initialMemory(this.moment(), {
      linkUp: options.linkUp ?? true,
      limits: this.limits,
      remembered: options.remembered,
    });
    this.see({ kind: "tick" });
  }

  get verdict(): VerdictData {
    return this.memory.verdict;
  }

  /** Time passes; the detector is asked whenever it wanted to be. */
  until(ms: number): this {
    while (this.next !== undefined && this.next <= ms) {
      this.now = Math.max(this.now, this.next);
      this.see({ kind: "tick" });
    }
    this.now = ms;
    return this;
  }

  /** The observer sleeps until then and knows it when it wakes up: its own time stood still, as the edge's does. */
  wakesAt(ms: number): this {
    const slept = ms - this.now;
    this.now = ms;
    return this.wakes(slept);
  }

  /** The observer has slept for so long until now. */
  wakes(afterMs: number): this {
    this.absent += afterMs;
    if (this.next !== undefined) this.next += afterMs;
    return this.see({ kind: "late" });
  }

  /** The observer sleeps until then and never knows: nothing is asked. */
  asleepUntil(ms: number): this {
    this.now = ms;
    return this;
  }

  see(observation: Observation): this {
    const done = step(this.memory, observation, this.moment(), this.limits);
    this.memory = done.memory;
    this.due = done.nextCheckAt ?? Infinity;
    this.next = done.nextCheckAt === undefined ? undefined : done.nextCheckAt + this.absent;
    if (done.changed) {
      this.verdicts.push(done.verdict);
      this.log.push(`${this.now / 1000} ${done.verdict.state} ${done.verdict.cause}`);
    }
    for (const effect of done.effects) if (effect.kind === "ping") this.pings.push(this.now);
    return this;
  }

  at(ms: number, observation: Observation): this {
    return this.until(ms).see(observation);
  }

  private moment = () => ({ mono: this.mono(), wall: this.now + this.wallOffset });

  /** At `next` it is exactly what the detector asked for, whatever floating point makes of adding and taking away. */
  private mono(): number {
    const mono = this.now - this.absent;
    return this.next !== undefined && this.now >= this.next ? Math.max(this.due, mono) : mono;
  }
}

export const boots = ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"] as const;
const life = { run: "r1", session: "s1" };
export const beat = (over: Partial<Extract<Observation, { kind: "beat" }>> & { wall?: number } = {}): Observation => ({
  kind: "beat",
  bootId: boots[0],
  nextInMs: 5000,
  at: 0,
  ...life,
  ...over,
});
export const birth = (over: Partial<Extract<Observation, { kind: "birth" }>> = {}): Observation => ({
  kind: "birth",
  bootId: boots[0],
  retained: false,
  virtual: false,
  ...life,
  ...over,
});
export const presence = (
  status: "online" | "leaving" | "lost",
  over: Partial<Extract<Observation, { kind: "presence" }>> = {},
): Observation => ({
  kind: "presence",
  status,
  retained: false,
  ...life,
  ...over,
});
export const message = (over: Partial<Extract<Observation, { kind: "message" }>> = {}): Observation => ({
  kind: "message",
  queueable: true,
  ...life,
  ...over,
});
/** Beats every 5 s from `from` to `to`, both in s, `at` as the observer's clock. */
export function beating(script: Script, from: number, to: number, over: Parameters<typeof beat>[0] = {}): Script {
  for (let s = from; s <= to; s += 5) {
    script.until(s * 1000);
    script.see(beat({ at: script.now + script.wallOffset, ...over }));
  }
  return script;
}
