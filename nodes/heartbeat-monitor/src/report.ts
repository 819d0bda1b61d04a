/** What a flow is told of a follower: `msg.payload`, plain JSON, with the cause and what was before. */
import type { DataOf, metrics, VerdictData, VerdictState } from "@skein/contracts";
import { skeinOf, type FleetMember, type Source } from "@skein/palette";
import type { NodeMessage } from "node-red";

export interface Report {
  readonly id: string;
  readonly name: string;
  readonly virtual: boolean;
  readonly state: VerdictState;
  readonly cause: VerdictData["cause"];
  /** When this state began, ms since 1970 by the leader's clock. */
  readonly since: number;
  readonly lastSeenAt?: number;
  /** In doubt or in maintenance: when it will be decided or over. */
  readonly until?: number;
  readonly before?: { readonly state: VerdictState; readonly cause: VerdictData["cause"]; readonly since: number };
  /** Alive again: how long nothing was heard of it, ms. */
  readonly awayMs?: number;
}

type Before = Pick<VerdictData, "state" | "cause" | "since"> & { readonly lastSeenAt?: number | undefined };

const AWAY: ReadonlySet<VerdictState> = new Set(["dead", "left"]);

export function reportOf({ id, name, virtual, verdict }: FleetMember, before?: Before): Report {
  const { state, cause, since, lastSeenAt, until } = verdict;
  const earlier: Before | undefined = before ?? verdict.previous;
  const back = state === "alive" && earlier !== undefined && AWAY.has(earlier.state);
  return {
    id,
    name,
    virtual,
    state,
    cause,
    since,
    ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
    ...(until === undefined ? {} : { until }),
    ...(earlier ? { before: { state: earlier.state, cause: earlier.cause, since: earlier.since } } : {}),
    ...(back ? { awayMs: Math.max(0, since - (earlier.lastSeenAt ?? earlier.since)) } : {}),
  };
}

/** Figures bear the same mark as verdicts: whose they are, and whether that is a made-up host. */
export const metricsMessageFor = (
  { id, name, virtual }: FleetMember,
  figures: DataOf<typeof metrics>,
  source: Source,
): NodeMessage => ({
  topic: `followers/${id}`,
  payload: { id, name, virtual, ...figures },
  skein: skeinOf(source),
});

export const messageFor = (member: FleetMember, before?: Before): NodeMessage => ({
  topic: `followers/${member.id}`,
  payload: reportOf(member, before),
  ...(member.source ? { skein: skeinOf(member.source) } : {}),
});
