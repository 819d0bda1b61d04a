/** What history keeps of the fleet: every change of a verdict as an event and a span, and the figures of its metrics as series. */
import type { Bus } from "@skein/bus";
import { metrics, type NewEvent, type Severity, type VerdictData } from "@skein/contracts";
import type { History } from "@skein/history";
import type { Clock } from "@skein/kit";
import type { EventSink } from "../event-sink";
import type { FleetService } from "../fleet/fleet-service";
import { figuresOf } from "./figures";
import { verdictSentence } from "./verdict-sentence";

export interface RecordParts {
  readonly bus: Pick<Bus, "subscribe">;
  readonly fleet: Pick<FleetService, "listen" | "get">;
  readonly history: Pick<History, "verdicts" | "series">;
  readonly events: EventSink;
  readonly clock: Pick<Clock, "now">;
}

const SEVERITY: Partial<Record<VerdictData["state"], Severity>> = { dead: "warning", suspect: "info", unknown: "info" };

export async function recordFleet({ bus, fleet, history, events, clock }: RecordParts): Promise<() => Promise<void>> {
  const stopFleet = fleet.listen({
    verdict(id, now, before) {
      history.verdicts.record({ follower: id, at: now.since, state: now.state, cause: now.cause });
      if (worthTelling(now, before)) events.add(eventOf(id, fleet.get(id)?.name ?? id, now, before));
    },
    notice(notice) {
      const { followers } = notice;
      const count = followers.length;
      events.add({
        type: notice.notice,
        severity: notice.notice === "mass-loss" ? "alarm" : "notice",
        text:
          notice.notice === "mass-loss"
            ? `${count} of ${notice.of} followers were lost together.`
            : `Most of the followers that were lost together are back: ${count}.`,
        data: { followers: followers.slice(0, 100) },
      });
    },
  });
  const stopMetrics = await bus.subscribe(metrics, {}, ({ ids, data }) => {
    // Ours and not the sender's: a board without a clock would write into 1970.
    const at = clock.now();
    for (const [name, value] of Object.entries(figuresOf(data)))
      history.series.add({ subject: `follower:${ids.id}`, name }, at, value);
  });
  return async () => {
    stopFleet();
    await stopMetrics();
  };
}

const NO_NEWS: readonly VerdictData["state"][] = ["joining", "suspect", "unknown"];

/** Doubt that passes is no news, and neither is that nobody could tell for a while and it is as it was. */
function worthTelling(now: VerdictData, before: VerdictData | undefined): boolean {
  if (now.state === before?.state || NO_NEWS.includes(now.state)) return false;
  if (before?.state === "unknown" && now.since < before.since) return false;
  return !(now.state === "alive" && (before?.state === "suspect" || before?.state === "unknown"));
}

function eventOf(id: string, name: string, now: VerdictData, before: VerdictData | undefined): NewEvent {
  return {
    type: "follower-verdict",
    severity: SEVERITY[now.state] ?? (before?.state === "dead" ? "notice" : "info"),
    text: verdictSentence(name, now),
    subject: { kind: "follower", id },
    data: { state: now.state, cause: now.cause, name, ...(before && { before: before.state }), virtual: now.virtual },
  };
}
