import { heartbeat, metrics } from "@skein/contracts";
import { every, hasCode, messageOf, type CancelTimer } from "@skein/kit";
import { measureOwnCost } from "../../own-cost";
import { defineCapability, type CapabilityParts, type Condition, type RunningCapability } from "../capability";
import { healthSettings, type HealthSettings } from "./settings";

/** A report comes soon after every connection, so that a page need not show an empty row for ten seconds, ms. */
const SOON_MS = 1_000;
/** A reading takes a few ms; one that takes longer than this hangs, ms. */
const OVERDUE_MS = 5_000;

/**
 * The sign of life and the figures of the host. Beats keep to a fixed grid (kit's `every`): one that is late does not move the
 * next, so the leader's picture of the rhythm stays sharp.
 */
export const health = defineCapability({ name: "health", settings: healthSettings, start: startHealth });

function startHealth(parts: CapabilityParts, initial: HealthSettings): RunningCapability<HealthSettings> {
  const { id, bus, host, clock, logger } = parts;
  const cost = measureOwnCost(clock);
  let settings = initial;
  let readingSince: number | undefined;
  let condition: Condition = "ok";
  let timers: CancelTimer[] = [];

  // Telemetry is dropped while the bus is away: a beat that comes late would tell a lie about when we lived.
  const failed = (error: unknown) => logger.debug({ reason: messageOf(error) }, "telemetry was not sent");

  const beat = () => {
    bus
      .publish(
        heartbeat,
        { id },
        { bootId: host.bootId, nextInMs: settings.heartbeatMs, capabilities: parts.conditions() },
      )
      .catch(failed);
  };

  const overdue = () => readingSince !== undefined && clock.monotonic() - readingSince > OVERDUE_MS;
  const read = async () => {
    readingSince = clock.monotonic();
    try {
      return await host.read();
    } finally {
      readingSince = undefined;
    }
  };
  const report = async () => {
    // A sensor that hangs must not pile up reports.
    if (readingSince !== undefined) return overdue() ? logger.warn("reading how the host does hangs") : undefined;
    try {
      const figures = await read();
      condition = "ok";
      const dropped = Object.values(bus.stats.dropped).reduce((sum, count) => sum + count, 0);
      await bus.publish(metrics, { id }, { ...figures, agent: { ...cost.read(), dropped } }).catch((error: unknown) => {
        // Figures of this host that do not fit their contract will not fit next time.
        if (hasCode(error, "MESSAGE_INVALID") || hasCode(error, "MESSAGE_TOO_LARGE")) throw error;
        failed(error);
      });
    } catch (error) {
      condition = "degraded";
      logger.warn({ reason: messageOf(error) }, "cannot tell how the host does");
    }
  };

  const arm = () => {
    for (const cancel of timers) cancel();
    timers = [every(clock, settings.heartbeatMs, beat), every(clock, settings.metricsMs, () => void report())];
  };
  /** One beat beside the grid: for somebody who has not heard us yet, or not at this pace. */
  let cancelSoon: CancelTimer = () => {};
  const showUp = () => {
    beat();
    cancelSoon();
    cancelSoon = clock.setTimer(() => void report(), Math.min(SOON_MS, settings.metricsMs / 2));
  };

  // The first reading is where means begin.
  host.read().catch(failed);
  arm();
  const forgetLink = bus.onLink(({ up }) => up && showUp());
  const forgetSwitched = parts.onSwitched(beat);
  return {
    condition: () => (overdue() ? "degraded" : condition),
    apply(next) {
      settings = next;
      arm();
      showUp();
    },
    stop() {
      forgetLink();
      forgetSwitched();
      cancelSoon();
      for (const cancel of timers) cancel();
      cost.stop();
    },
  };
}
