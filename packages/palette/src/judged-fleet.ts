/** The fleet as this process judges it by itself ("judge here"): for a Node-RED without a leader, with the leader's own detector. */
import type { Bus } from "@skein/bus";
import { watchFleet, type FleetWatch, type FleetWatchOptions } from "@skein/fleet";
import { createIds, SkeinError, type Clock, type Logger, type Random } from "@skein/kit";
import type { Source } from "./bus-node";
import { createMembers, type FleetLegacy, type OpenFleetView } from "./members";

/** While the first followers are heard they are no news, ms: two beats and what a busy machine adds. */
const SETTLE_MS = 12_000;

/** Who is in maintenance, and until when, ms since 1970. */
export interface Resting {
  readonly id: string;
  readonly until: number;
}

/** Where it is kept who is in maintenance, over deploys and restarts. */
export interface RestingStore {
  load(): Promise<readonly Resting[]>;
  save(resting: readonly Resting[]): void;
}

export function createJudgedFleet(
  bus: Bus,
  parts: {
    clock: Clock;
    random: Random;
    logger: Logger;
    settleMs?: number;
    resting?: RestingStore;
    after?: FleetLegacy | undefined;
  },
): OpenFleetView {
  const { clock, logger } = parts;
  const newId = createIds(clock, parts.random);
  const source = (): Source => ({ id: newId(), at: clock.now(), from: bus.id });
  const members = createMembers(
    logger,
    { nowJudged: (said) => said ?? { state: "unknown", cause: "first-seen", since: clock.now(), virtual: false } },
    parts.after,
  );
  const lineage = parts.after?.lineage ?? {};
  let settled = false;
  let stopSettling = () => {};
  const settle = () => {
    settled = true;
    members.changes.call();
  };
  const stopLink = bus.onLink((state) => {
    if (!state.up || settled) return;
    stopSettling();
    stopSettling = clock.setTimer(settle, parts.settleMs ?? SETTLE_MS, { unref: true });
  });

  let watch: FleetWatch | undefined;
  /** Handed over by the view before this one, and else whom a restart found in maintenance. */
  const remembered = async (): Promise<FleetWatchOptions["remembered"]> => {
    const handed = parts.after?.watched ?? [];
    const known = new Set(handed.map(({ id }) => id));
    const kept = (await parts.resting?.load()) ?? [];
    return [
      ...handed,
      ...kept
        .filter(({ id, until }) => !known.has(id) && until > clock.now())
        .map(({ id, until }) => ({
          id,
          verdict: { state: "maintenance", cause: "request", since: clock.now(), until, virtual: false } as const,
        })),
    ];
  };
  const keepResting = (made: FleetWatch) =>
    parts.resting?.save(
      made
        .list()
        .flatMap(({ id, verdict: { state, until } }) =>
          state === "maintenance" && until !== undefined ? [{ id, until }] : [],
        ),
    );
  const judge = async () => watchFleet({ bus, clock, logger, remembered: await remembered() });
  const watching = judge().then((made) => {
    watch = made;
    for (const { id, verdict, birth } of made.list()) {
      members.setVerdict(id, verdict, source());
      if (birth) members.setBirth(id, birth);
      members.weigh(id, { replayed: true, ready: false, at: clock.now() });
    }
    made.onBirth(({ id, birth }) => {
      if (birth) members.setBirth(id, birth);
      members.changes.call();
    });
    made.onVerdict(({ id, verdict, birth }, before) => {
      if (verdict.state === "maintenance" || before?.state === "maintenance") keepResting(made);
      if (birth) members.setBirth(id, birth);
      members.setVerdict(id, verdict, source());
      members.weigh(id, { replayed: false, ready: settled, at: clock.now() });
      members.changes.call();
    });
    made.onMetrics((id, { data, envelope }) => members.metrics(id, data, envelope));
    members.changes.call();
    return made;
  });
  watching.catch((error: unknown) => logger.error({ err: error }, "cannot judge here"));

  return {
    lineage,
    handOver: () => ({ lineage, known: members.known(), watched: watch?.list() ?? parts.after?.watched ?? [] }),
    get ready() {
      return settled;
    },
    get judged() {
      return watch !== undefined && bus.link.up;
    },
    list: members.list,
    get: members.get,
    verdict: (id) => members.get(id)?.verdict,
    onTransition: members.transitions.add,
    onChange: members.changes.add,
    onMetrics: members.measured.add,
    async setMaintenance(id, forMs) {
      if (!members.get(id)) throw new SkeinError("FOLLOWER_UNKNOWN", `no follower "${id}" has been seen.`);
      (await watching).setMaintenance(id, forMs);
    },
    async close() {
      stopLink();
      stopSettling();
      await watching.then((made) => made.close()).catch(() => {});
    },
  };
}
