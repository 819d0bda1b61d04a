/**
 * What to do about one child process, as a pure function of what it was, what happened and when: no timers, no processes.
 * supervisor.ts lends it both. Times are monotonic ms of the launcher.
 */
import { agentExitCodes } from "@skein/contracts";
import { END_WITHIN_MS } from "@skein/kit/child-process";
import type { LeaderSettings } from "../settings";
import type { PartName, PartState } from "./parts";

export interface Policy {
  /** Not ready after so long: killed. */
  readonly startMs: number;
  /** No `alive` for so long: killed. */
  readonly stallMs: number;
  /** No `alive` for so long: shown as stalled. */
  readonly quietMs: number;
  /** Asked to stop, still there: killed. */
  readonly stopMs: number;
  readonly restartMs: number;
  readonly restartMaxMs: number;
  /** So many deaths in a row, each within `crashLoopMs` of its start, are a crash loop. */
  readonly crashLoopDeaths: number;
  readonly crashLoopMs: number;
  /** Whether it can start with less in it after a crash loop. */
  readonly hasSafeMode: boolean;
  /** Ends with this when it was told over the bus to restart: then it is started again at once. */
  readonly restartCode?: number;
}

/** Without a word for so long a part is shown as stalled. */
const QUIET_MS = 3_000;
/** A part ends by itself within `END_WITHIN_MS`; this is for one that cannot any more. */
const STOP_MS = END_WITHIN_MS + 500;

/** What is done about this part, from `launcher` in the settings. */
export function policyOf(part: PartName, limits: LeaderSettings["launcher"]): Policy {
  const stallMs = part === "core" || part === "broker" ? limits.coreStallMs : limits.stallMs;
  return {
    ...limits,
    stallMs,
    stopMs: STOP_MS,
    quietMs: Math.min(QUIET_MS, stallMs),
    hasSafeMode: part === "flowHost",
    // Its own word only: a function node may end the flow host with any code.
    ...(part === "follower" && { restartCode: agentExitCodes.restart }),
  };
}

/** Whether a part that ended like this was told to restart. */
export const isRestart = (code: number | null | undefined, { restartCode }: Pick<Policy, "restartCode">): boolean =>
  restartCode !== undefined && code === restartCode;

/** `stalled`: killed because it said nothing, and not gone yet. */
export type Phase = "idle" | "starting" | "up" | "stalled" | "waiting" | "stopping" | "stopped";

export interface ChildState {
  readonly phase: Phase;
  /** When it was started last. */
  readonly startedAt: number;
  /** Last `alive`, or when it became ready. */
  readonly aliveAt: number;
  /** When it is to be started again (waiting), or killed (stopping; stalled: once more). */
  readonly dueAt: number;
  readonly quickDeaths: number;
  readonly safeMode: boolean;
  /** It is wanted again while it still ends. */
  readonly startAgain: boolean;
  /** Last time it was looked at. */
  readonly tickAt: number;
}

export type Event =
  | { readonly type: "start" }
  | { readonly type: "ready" }
  | { readonly type: "alive" }
  | { readonly type: "exit"; readonly code?: number | null }
  | { readonly type: "stop" }
  | { readonly type: "safe-mode"; readonly on: boolean }
  | { readonly type: "tick" };

export type Effect = "spawn" | "terminate" | "kill";

export const initial: ChildState = {
  phase: "idle",
  startedAt: 0,
  aliveAt: 0,
  dueAt: 0,
  quickDeaths: 0,
  safeMode: false,
  startAgain: false,
  tickAt: 0,
};

/** The launcher looks this often. */
export const TICK_MS = 250;

/** What a child is after an event at the moment `at`, and what must be done to it, in order. */
export function supervise(
  state: ChildState,
  event: Event,
  at: number,
  policy: Policy,
): { state: ChildState; effects: Effect[] } {
  const { phase } = state;
  const running = phase === "starting" || phase === "up" || phase === "stalled" || phase === "stopping";
  const spawn = (from: ChildState) => ({
    state: { ...from, phase: "starting" as const, startedAt: at, aliveAt: at, tickAt: at, startAgain: false },
    effects: ["spawn" as const],
  });
  const stay = { state, effects: [] };
  switch (event.type) {
    case "start":
      if (phase === "stopping") return { state: { ...state, startAgain: true }, effects: [] };
      return running || phase === "waiting" ? stay : spawn({ ...state, quickDeaths: 0 });
    case "ready":
      return phase === "starting" ? { state: { ...state, phase: "up", aliveAt: at }, effects: [] } : stay;
    case "alive":
      return { state: { ...state, aliveAt: at }, effects: [] };
    case "safe-mode":
      return { state: { ...state, safeMode: event.on, quickDeaths: event.on ? state.quickDeaths : 0 }, effects: [] };
    case "stop":
      if (phase === "stopping") return { state: { ...state, startAgain: false }, effects: [] };
      if (!running) return { state: { ...state, phase: "stopped" }, effects: [] };
      return { state: { ...state, phase: "stopping", dueAt: at + policy.stopMs }, effects: ["terminate"] };
    case "exit": {
      if (phase === "stopping" && state.startAgain) return spawn({ ...state, quickDeaths: 0 });
      if (phase === "stopping") return { state: { ...state, phase: "stopped" }, effects: [] };
      if (!running) return stay;
      if (isRestart(event.code, policy)) return spawn(state);
      const quick = at - state.startedAt <= policy.crashLoopMs;
      const quickDeaths = quick ? state.quickDeaths + 1 : 1;
      const wait = Math.min(policy.restartMaxMs, policy.restartMs * 2 ** Math.min(quickDeaths - 1, 20));
      const safeMode = state.safeMode || (policy.hasSafeMode && quick && quickDeaths >= policy.crashLoopDeaths);
      return { state: { ...state, phase: "waiting", dueAt: at + wait, quickDeaths, safeMode }, effects: [] };
    }
    case "tick": {
      // When the launcher itself was stalled (or the laptop slept), the children's words still lie unread: first listen again.
      const late = Math.max(0, at - state.tickAt - 2 * TICK_MS);
      const seen =
        late > 0
          ? { ...state, tickAt: at, aliveAt: Math.min(at, state.aliveAt + late), startedAt: state.startedAt + late }
          : { ...state, tickAt: at };
      if (phase === "waiting" && at >= state.dueAt) return spawn(seen);
      if ((phase === "stopping" || phase === "stalled") && at >= state.dueAt)
        return { state: { ...seen, dueAt: at + policy.stopMs }, effects: ["kill"] };
      if (phase === "starting" && at - seen.startedAt > policy.startMs)
        return { state: { ...seen, startedAt: at }, effects: ["kill"] };
      if (phase === "up" && at - seen.aliveAt > policy.stallMs)
        return { state: { ...seen, phase: "stalled", dueAt: at + policy.stopMs }, effects: ["kill"] };
      return { state: seen, effects: [] };
    }
  }
}

/** How the page shows it. */
export function partState(state: ChildState, at: number, policy: Pick<Policy, "quietMs">): PartState {
  switch (state.phase) {
    case "up":
      return at - state.aliveAt > policy.quietMs ? "stalled" : "up";
    case "stalled":
      return "stalled";
    case "starting":
      return "starting";
    case "waiting":
    // Not yet stopped: whoever asked for that waits until it is so.
    case "stopping":
      return "down";
    case "idle":
    case "stopped":
      return "stopped";
  }
}
