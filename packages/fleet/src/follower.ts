import type { birth, DataOf, heartbeat, metrics, VerdictData, VerdictState } from "@skein/contracts";
import type { Memory, Observation } from "@skein/liveness";
import type { Due } from "./deadlines";
import type { Watched } from "./interface";

/** One follower as the watch keeps it: what the detector remembers, and what it last said. */
export interface Follower extends Due {
  readonly id: string;
  memory: Memory;
  birth?: DataOf<typeof birth> | undefined;
  heartbeat?: DataOf<typeof heartbeat> | undefined;
  metrics?: DataOf<typeof metrics> | undefined;
}

/** What others see of it, with its last sign of life as it is now. */
export function watched({ id, memory, birth, heartbeat, metrics }: Follower): Watched {
  const { lastSeenAt, run, session, beatMs, beatsReceived, beatsMissed } = memory;
  const verdict: VerdictData = lastSeenAt === undefined ? memory.verdict : { ...memory.verdict, lastSeenAt };
  return {
    id,
    verdict,
    beatMs,
    beatsReceived,
    beatsMissed,
    ...(birth && { birth }),
    ...(heartbeat && { heartbeat }),
    ...(metrics && { metrics }),
    ...(run !== undefined && { run }),
    ...(session !== undefined && { session }),
  };
}

type BridgeState = Extract<Observation, { kind: "bridge" }>["state"];

/** What a bridge's verdict means to those behind it; undefined: nothing new. */
export const bridgeState = (state: VerdictState): BridgeState | undefined => bridgeStates[state];

const bridgeStates: Record<VerdictState, BridgeState | undefined> = {
  alive: "up",
  joining: "up",
  suspect: "doubtful",
  maintenance: "doubtful",
  dead: "down",
  left: "down",
  unknown: undefined,
};
