/** A backup a day by itself; a failure is an event, and is tried again an hour later. */
import { every, messageOf, type Clock, type Logger } from "@skein/kit";
import type { LeaderSettings } from "../../settings";
import type { EventSink } from "../event-sink";
import type { Backups } from "./backups";
import { isDue } from "./schedule";

/** How often it looks; the first time so long after the start, when the house has come up, ms. */
const LOOK_MS = 10 * 60_000;
const RETRY_MS = 3_600_000;

export interface AutomaticParts {
  readonly backups: Pick<Backups, "list" | "make">;
  readonly settings: Pick<LeaderSettings["backup"], "enabled" | "at">;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** @returns stops it */
export function backUpDaily({ backups, settings, events, clock, logger }: AutomaticParts): () => void {
  if (!settings.enabled) return () => {};
  let notBefore = -Infinity;
  let busy = false;
  const look = async (): Promise<void> => {
    const [newest] = await backups.list();
    if (!isDue(clock.now(), settings.at, newest?.at) || clock.monotonic() < notBefore) return;
    await backups.make();
  };
  return every(clock, LOOK_MS, () => {
    if (busy) return;
    busy = true;
    look()
      .catch((error: unknown) => {
        notBefore = clock.monotonic() + RETRY_MS;
        logger.error({ reason: messageOf(error) }, "the daily backup failed");
        events.add({ type: "backup-failed", severity: "warning", text: messageOf(error).slice(0, 500) });
      })
      .finally(() => (busy = false));
  });
}
