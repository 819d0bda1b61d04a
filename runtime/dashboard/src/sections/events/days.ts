import type { EventView } from "@skein/contracts";

export interface Day {
  /** Its first moment in the reader's own time, ms. */
  readonly at: number;
  readonly events: readonly EventView[];
}

/** Events by the day on which they happened in the reader's own time, in the order in which they come. Pure. */
export function byDay(events: readonly EventView[]): readonly Day[] {
  const days: { at: number; events: EventView[] }[] = [];
  for (const event of events) {
    const at = new Date(event.at).setHours(0, 0, 0, 0);
    const last = days.at(-1);
    if (last?.at === at) last.events.push(event);
    else days.push({ at, events: [event] });
  }
  return days;
}
