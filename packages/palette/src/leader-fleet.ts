/** The fleet as the leader judges it: its verdicts, and `unknown` for everybody while it is not there to judge. */
import { birth, leaderStatus, maintenanceCommand, metrics, verdict, type VerdictData } from "@skein/contracts";
import type { Bus, Unsubscribe } from "@skein/bus";
import { SkeinError, type Clock, type Logger } from "@skein/kit";
import type { Heard } from "./edges";
import { createMembers, type FleetLegacy, type OpenFleetView } from "./members";

/** Starts listening at once; the picture fills as kept state comes in. */
export function createLeaderFleet(
  bus: Bus,
  parts: { clock: Clock; logger: Logger; after?: FleetLegacy | undefined },
): OpenFleetView {
  const { clock, logger } = parts;
  const heard = new Map<string, Omit<Heard, "ready">>();
  const unsubscribes: Promise<Unsubscribe>[] = [];
  let linkUp = false;
  let leader: { online: boolean; epoch: number | undefined } | undefined;
  let unjudgedSince = clock.now();
  let metricsAsked = false;

  const judged = () => linkUp && leader?.online === true;
  /** Written by a leader before the present one, who has not said it again: not its word. */
  const stale = (epoch: number | undefined) =>
    epoch !== undefined && leader?.epoch !== undefined && epoch < leader.epoch;
  const unknown = (of: VerdictData | undefined): VerdictData => ({
    state: "unknown",
    cause: linkUp ? "observer-late" : "bus-down",
    since: unjudgedSince,
    virtual: of?.virtual ?? false,
    ...(of?.lastSeenAt === undefined ? {} : { lastSeenAt: of.lastSeenAt }),
  });
  const epochOf = new WeakMap<VerdictData, number | undefined>();
  const members = createMembers(
    logger,
    { nowJudged: (said) => (said && judged() && !stale(epochOf.get(said)) ? said : unknown(said)) },
    parts.after,
  );
  const lineage = parts.after?.lineage ?? {};

  const weigh = (id: string, said: Omit<Heard, "ready">) => members.weigh(id, { ...said, ready: judged() });
  const judgeAnew = (change: () => void) => {
    const before = judged();
    change();
    if (before && !judged()) unjudgedSince = bus.leaderNow() ?? clock.now();
    for (const [id, said] of heard) weigh(id, said);
    members.changes.call();
  };
  const subscribe = (made: Promise<Unsubscribe>) => {
    made.catch((error: unknown) => logger.error({ err: error }, "cannot listen to the leader"));
    unsubscribes.push(made);
  };

  const stopLink = bus.onLink((state) => judgeAnew(() => (linkUp = state.up)));
  subscribe(
    bus.subscribe(leaderStatus, {}, ({ data, envelope }) =>
      judgeAnew(() => (leader = { online: data.online, epoch: envelope.epoch ?? leader?.epoch })),
    ),
  );
  subscribe(
    bus.subscribe(
      verdict,
      {},
      ({ ids, data, envelope, retained }) => {
        const said = { replayed: retained, at: envelope.at };
        heard.set(ids.id, said);
        epochOf.set(data, envelope.epoch);
        members.setVerdict(ids.id, data, envelope);
        weigh(ids.id, said);
        members.changes.call();
      },
      {
        // The leader has forgotten this follower.
        onCleared({ id }) {
          heard.delete(id);
          members.forget(id);
          members.changes.call();
        },
      },
    ),
  );
  subscribe(
    bus.subscribe(birth, {}, ({ ids, data }) => {
      members.setBirth(ids.id, data);
      members.changes.call();
    }),
  );

  return {
    lineage,
    handOver: () => ({ lineage, known: members.known(), watched: [] }),
    get ready() {
      return leader !== undefined;
    },
    get judged() {
      return judged();
    },
    list: members.list,
    get: members.get,
    verdict: (id) => members.get(id)?.verdict,
    onTransition: members.transitions.add,
    onChange: members.changes.add,
    onMetrics(listener) {
      // A big fleet's metrics are only asked for when somebody wants them.
      if (!metricsAsked) {
        metricsAsked = true;
        subscribe(bus.subscribe(metrics, {}, ({ ids, data, envelope }) => members.metrics(ids.id, data, envelope)));
      }
      return members.measured.add(listener);
    },
    async setMaintenance(id, forMs) {
      if (!judged()) {
        throw new SkeinError("LEADER_ABSENT", "no leader judges at the moment, so there is nobody to tell.", {
          hint: 'Start the leader, or switch on "judge here" in the bus.',
        });
      }
      const outcome = await bus.request(maintenanceCommand, {}, { follower: id, forMs });
      if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
    },
    async close() {
      stopLink();
      await Promise.allSettled(unsubscribes.map(async (made) => (await made)()));
    },
  };
}
