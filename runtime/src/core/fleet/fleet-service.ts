/**
 * The leader's opinion of its followers: listens and judges (packages/fleet), tells the bus every verdict when it changes,
 * remembers them on disk, and takes orders for maintenance.
 */
import type { Bus } from "@skein/bus";
import {
  leaderClock,
  maintenanceCommand,
  verdict,
  type FollowerView,
  type MassLossView,
  type VerdictData,
} from "@skein/contracts";
import { watchFleet, type FleetLimits, type Watched } from "@skein/fleet";
import { every, messageOf, type Clock, type Logger } from "@skein/kit";
import { MASS_LOSS, MassLoss, type MassLossNotice } from "./mass-loss";
import { followerView } from "./follower-view";
import { Forgotten } from "./forgotten";
import { openRegistry } from "./registry";
import { tellMassLoss } from "./tell-mass-loss";

export interface FleetServiceOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the registry is kept. */
  readonly file: string;
  readonly limits: FleetLimits;
  /** How often `leader/clock` ticks, ms. */
  readonly clockMs: number;
  readonly massLossWindowMs: number;
}

export interface FleetListeners {
  /** Something a page shows of it has changed. */
  follower?(id: string): void;
  removed?(id: string): void;
  beat?(id: string, at: number): void;
  verdict?(id: string, now: VerdictData, before: VerdictData | undefined): void;
  notice?(notice: MassLossNotice): void;
  /** A mass loss began, changed, or is over (undefined). */
  massLoss?(view: MassLossView | undefined): void;
}

export interface FleetService {
  list(): FollowerView[];
  get(id: string): FollowerView | undefined;
  watched(): readonly Watched[];
  /** The mass loss that is not over. */
  massLoss(): MassLossView | undefined;
  listen(listeners: FleetListeners): () => void;
  /** forMs 0 ends it. @throws SkeinError FOLLOWER_UNKNOWN */
  setMaintenance(id: string, forMs: number, reason?: string): void;
  /** Forgets one that is gone, or that was `removed` from the bus, heard or not. @throws SkeinError FOLLOWER_UNKNOWN, FOLLOWER_ALIVE */
  forget(id: string, options?: { readonly removed?: boolean }): void;
  close(): Promise<void>;
}

/** Begins to listen and to judge; what was known before a restart is published again at once. */
export async function createFleetService(options: FleetServiceOptions): Promise<FleetService> {
  const { bus, clock, logger } = options;
  const listeners = new Set<FleetListeners>();
  const tellAll = (tell: (listener: FleetListeners) => void) => listeners.forEach(tell);
  const failed = (what: string) => (error: unknown) =>
    logger.error({ err: error }, `${what} could not be published: ${messageOf(error)}`);
  const publishVerdict = (id: string, data: VerdictData) =>
    void bus.publish(verdict, { id }, data).catch(failed(`the verdict on ${id}`));

  const registry = openRegistry(
    options.file,
    () => ({ followers: visible(), forgotten: forgotten.list(), massLoss: massLoss.ongoing }),
    {
      clock,
      logger,
    },
  );
  const forgotten = new Forgotten(registry.forgotten);
  const visible = () => watch.list().filter((watched) => !forgotten.hides(watched));
  const massLoss = new MassLoss({ ...MASS_LOSS, windowMs: options.massLossWindowMs }, registry.massLoss);
  // Of one that could not be heard at the end it counts what it was before.
  for (const { id, verdict } of registry.remembered)
    massLoss.change(
      id,
      verdict.state === "unknown" ? (verdict.previous?.state ?? "unknown") : verdict.state,
      clock.now(),
    );
  const watch = await watchFleet({
    bus,
    clock,
    logger: logger.child({ part: "fleet" }),
    limits: options.limits,
    remembered: registry.remembered,
  });

  const changed = (id: string) => {
    const watched = watch.get(id);
    if (watched && !forgotten.hides(watched)) tellAll((listener) => listener.follower?.(id));
  };
  const losses = tellMassLoss(massLoss, {
    bus,
    clock,
    logger,
    isVirtual: (id) => watch.get(id)?.verdict.virtual ?? false,
    onNotice: (notice) => tellAll((listener) => listener.notice?.(notice)),
    onChange: (view) => tellAll((listener) => listener.massLoss?.(view)),
  });
  const onVerdict = (watched: Watched, before: VerdictData | undefined) => {
    const { id, verdict } = watched;
    forgotten.heard(watched);
    if (forgotten.hides(watched)) return;
    logger.info(
      { follower: id, state: verdict.state, cause: verdict.cause, was: before?.state },
      `${id} is ${verdict.state} (${verdict.cause})`,
    );
    // First that many are lost, then the death at which it shows: who hears of both need not take it for one of its own.
    losses.change(id, verdict.state);
    publishVerdict(id, verdict);
    tellAll((listener) => listener.verdict?.(id, verdict, before));
    changed(id);
    registry.touch();
  };

  const tellClock = () => void bus.publish(leaderClock, {}, { nextInMs: options.clockMs }).catch(failed("the clock"));
  // The bus tells its states again after a reconnection, so each is handed to it once from the start; from then on changes only.
  for (const watched of watch.list()) forgotten.heard(watched);
  for (const { id, verdict } of visible()) publishVerdict(id, verdict);
  const stops = [
    watch.onVerdict(onVerdict),
    watch.onBirth((watched) => (forgotten.heard(watched), changed(watched.id), registry.touch())),
    watch.onMetrics((id) => changed(id)),
    watch.onBeat((id, at) => tellAll((listener) => listener.beat?.(id, at))),
    every(clock, options.clockMs, tellClock),
    // Also at once: until they know it, nobody can say until when a command of theirs is good.
    bus.onLink(({ up }) => up && tellClock()),
  ];

  const service: FleetService = {
    list: () => visible().map(followerView),
    get(id) {
      const watched = watch.get(id);
      return watched && !forgotten.hides(watched) ? followerView(watched) : undefined;
    },
    watched: visible,
    massLoss: () => losses.view,
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    setMaintenance(id, forMs, reason) {
      watch.setMaintenance(id, forMs);
      logger.info(
        { follower: id, forMs, reason },
        forMs === 0 ? `maintenance of ${id} is over` : `${id} is in maintenance`,
      );
    },
    forget(id, { removed = false } = {}) {
      const gone = watch.get(id);
      // One that joined and was never heard is in no list; what else is kept of it goes all the same.
      if (gone || !removed) watch.forget(id, { evenAlive: removed });
      if (gone) forgotten.add({ ...gone, removed });
      // An empty kept message takes the verdict back [MQTT-3.3.1-6].
      void bus.publishRaw(verdict.topic({ id }), new Uint8Array(), "state").catch(failed(`that ${id} is gone`));
      losses.change(id, undefined);
      // At once: its user may be gone from the bus already, and nobody would end this for us.
      registry.touch();
      registry.flush();
      tellAll((listener) => listener.removed?.(id));
      logger.info({ follower: id }, `${id} is forgotten`);
    },
    async close() {
      for (const stop of stops) stop();
      registry.flush();
      await watch.close();
    },
  };
  const stopServing = await bus.serve(maintenanceCommand, {}, ({ data }) => {
    service.setMaintenance(data.follower, data.forMs, data.reason);
    return { follower: data.follower, forMs: data.forMs };
  });
  stops.push(() => void stopServing().catch(() => {}));
  return service;
}
