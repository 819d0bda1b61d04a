/** Events as their owner has them: each gets its id at once, so that the page can be told before the disk is. */
import type { EventView } from "@skein/contracts";
import type { Events } from "./history-types";
import type { Listeners, Owner } from "./owner";

/** How far the file's ids are; undefined while it was never open. */
export interface EventIds {
  last: number | undefined;
}

export function createEvents(owner: Owner, ids: EventIds, added: Listeners<EventView>): Events {
  const { clock, writer, isClosed, askAfterAll } = owner;
  return {
    add(event) {
      // A file that was never open has not said how far it is: the time in ms is more than were ever given out.
      ids.last = ids.last === undefined ? clock.now() : ids.last + 1;
      const view: EventView = { ...event, id: ids.last, at: event.at ?? clock.now(), audit: event.audit ?? false };
      if (!isClosed()) {
        writer.events.push(view);
        writer.added();
      }
      added.tell(view);
      return view;
    },
    list: (query, { mayAudit }) => askAfterAll("events", { query: { ...query, limit: query.limit ?? 100 }, mayAudit }),
    onAdded: added.add,
  };
}
