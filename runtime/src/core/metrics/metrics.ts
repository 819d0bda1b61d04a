/** What Prometheus reads at /metrics: how the fleet is, how well it is heard, and how core itself fares. */
import type { Bus } from "@skein/bus";
import { verdictState } from "@skein/contracts";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { FleetService } from "../fleet/fleet-service";
import type { House } from "../house";

export interface Metrics {
  readonly registry: Registry;
  /** The guard turned a request away. */
  refused(code: string): void;
}

export interface MetricsParts {
  readonly bus: Pick<Bus, "stats" | "link">;
  readonly fleet: Pick<FleetService, "watched" | "listen">;
  readonly house: Pick<House, "health">;
}

/** From the last sign of life to the verdict, s: the target is 15. */
const DELAY_BUCKETS = [0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 15, 16, 20, 30, 60];
const PARTS = ["broker", "core", "flowHost"] as const;

/** Counts from now on; what can be asked for is asked when Prometheus reads. */
export function createMetrics({ bus, fleet, house }: MetricsParts): Metrics {
  // A registry of its own: nothing here is process-wide.
  const registry = new Registry();
  const registers = [registry];
  // Among them the event loop's lag (nodejs_eventloop_lag_seconds and its quantiles) and the process's CPU and memory.
  collectDefaultMetrics({ register: registry });

  const followers = new Gauge({
    name: "skein_followers",
    help: "Followers by verdict, the made-up ones apart",
    labelNames: ["state", "virtual"],
    registers,
    collect() {
      for (const state of verdictState.options)
        for (const virtual of ["false", "true"]) this.set({ state, virtual }, 0);
      for (const { verdict } of fleet.watched()) this.inc({ state: verdict.state, virtual: String(verdict.virtual) });
    },
  });
  const delay = new Histogram({
    name: "skein_detection_delay_seconds",
    help: "From a follower's last sign of life to the verdict that it is suspect or dead",
    labelNames: ["state", "cause"],
    buckets: DELAY_BUCKETS,
    registers,
  });
  const verdicts = new Counter({
    name: "skein_verdict_changes_total",
    help: "Changes of verdicts",
    labelNames: ["state", "cause"],
    registers,
  });
  const notices = new Counter({
    name: "skein_mass_losses_total",
    help: "Times that many followers were lost together",
    registers,
  });
  const received = new Counter({ name: "skein_heartbeats_received_total", help: "Heartbeats that came", registers });
  // A follower that is forgotten takes its own count with it; the house's never goes back.
  const missedBefore = new Map<string, number>();
  const missed = new Counter({
    name: "skein_heartbeats_missed_total",
    help: "Heartbeats that were due and did not come",
    registers,
    collect() {
      for (const { id, beatsMissed } of fleet.watched()) {
        // A follower's own count may go down when a late beat comes after all.
        const counted = missedBefore.get(id) ?? 0;
        this.inc(Math.max(0, beatsMissed - counted));
        missedBefore.set(id, Math.max(counted, beatsMissed));
      }
    },
  });
  const refusals = new Counter({
    name: "skein_http_refused_total",
    help: "Requests turned away before anything else, by reason",
    labelNames: ["code"],
    registers,
  });
  const gauges = [
    new Gauge({
      name: "skein_bus_up",
      help: "1 when core's link to the bus stands",
      registers,
      collect: setTo(() => Number(bus.link.up)),
    }),
    new Gauge({
      name: "skein_part_up",
      help: "1 when the part works",
      labelNames: ["part"],
      registers,
      collect() {
        const health = house.health();
        for (const part of PARTS) this.set({ part }, health[part] === "up" || health[part] === "external" ? 1 : 0);
      },
    }),
    new Gauge({
      name: "skein_safe_mode",
      help: "1 when the flow host runs with its flows stopped",
      registers,
      collect: setTo(() => Number(house.health().safeMode)),
    }),
  ];
  const busCounters = [
    new Counter({
      name: "skein_bus_received_total",
      help: "Messages that came from the bus",
      registers,
      collect: countTo(() => bus.stats.received),
    }),
    new Counter({
      name: "skein_bus_sent_total",
      help: "Messages sent to the bus",
      registers,
      collect: countTo(() => bus.stats.sent),
    }),
    new Counter({
      name: "skein_bus_connections_total",
      help: "Connections made to the bus",
      registers,
      collect: countTo(() => bus.stats.connections),
    }),
    new Counter({
      name: "skein_bus_rejected_total",
      help: "Messages that did not fit their contract, by reason",
      labelNames: ["code"],
      registers,
      collect() {
        this.reset();
        for (const [code, count] of Object.entries(bus.stats.rejected)) this.inc({ code }, count);
      },
    }),
    new Counter({
      name: "skein_bus_dropped_total",
      help: "Messages dropped because the bus was away or slow, by kind",
      labelNames: ["kind"],
      registers,
      collect() {
        this.reset();
        for (const [kind, count] of Object.entries(bus.stats.dropped)) this.inc({ kind }, count);
      },
    }),
  ];
  void [followers, missed, gauges, busCounters];

  fleet.listen({
    beat: () => received.inc(),
    notice: ({ notice }) => notice === "mass-loss" && notices.inc(),
    removed: (id) => missedBefore.delete(id),
    verdict(_id, now, before) {
      if (now.state === before?.state) return;
      // Heard again after the bus was down, and as it was: nothing happened, and nothing was detected.
      if (before?.state === "unknown" && now.since < before.since) return;
      verdicts.inc({ state: now.state, cause: now.cause });
      if ((now.state === "suspect" || now.state === "dead") && now.lastSeenAt !== undefined) {
        delay.observe({ state: now.state, cause: now.cause }, Math.max(0, now.since - now.lastSeenAt) / 1000);
      }
    },
  });
  return { registry, refused: (code) => refusals.inc({ code }) };
}

function setTo(value: () => number) {
  return function (this: Gauge) {
    this.set(value());
  };
}

/** The bus counts since its own start, as this process does. */
function countTo(value: () => number) {
  return function (this: Counter) {
    this.reset();
    this.inc(value());
  };
}
