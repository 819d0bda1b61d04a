/** Between what the owner set and what packages/history takes. */
import type { EventView } from "@skein/contracts";
import type { History, Retention } from "@skein/history";
import type { LeaderSettings } from "../../settings";

const DAY_MS = 86_400_000;
const MB = 1024 ** 2;

/** What is left out keeps history's own default. */
export function retentionOf({
  journalDays,
  journalMb,
  eventsDays,
  fileMb,
}: LeaderSettings["history"]): Partial<Retention> {
  return {
    ...(journalDays !== undefined && { journalMs: journalDays * DAY_MS }),
    ...(journalMb !== undefined && { journalBytes: journalMb * MB }),
    ...(eventsDays !== undefined && { eventsMs: eventsDays * DAY_MS }),
    ...(fileMb !== undefined && { fileBytes: fileMb * MB }),
  };
}

/** So many are told again to a stream that was away. */
const MOST = 500;

/** Events after this one, oldest first; of more than 500 the newest. */
export async function eventsAfter(events: Pick<History["events"], "list">, id: number): Promise<EventView[]> {
  const { events: newest } = await events.list({ limit: MOST }, { mayAudit: true });
  return newest.filter((event) => event.id > id).toReversed();
}
