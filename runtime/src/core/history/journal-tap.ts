/**
 * Everything that is said on the house's bus goes into the journal, byte for byte, as the replay to come needs it: what followers
 * and flow hosts say, and what the leader says, which it hears again from the broker. What the flow host takes in besides (deploys,
 * injects, requests) comes over the bus as well.
 */
import { createHash } from "node:crypto";
import type { Bus, RawMessage } from "@skein/bus";
import { messages, type AnyMessage } from "@skein/contracts";
import type { History } from "@skein/history";

/**
 * The first row of each start of core: from here on the monotonic clock of the rows is another one, and the leader of another
 * epoch. A replay begins anew here.
 */
export function markStart(
  journal: Pick<History["journal"], "append">,
  start: { readonly version: string; readonly epoch: number },
): void {
  const payload = Buffer.from(JSON.stringify(start));
  journal.append({ source: "core", kind: "start", topic: "start", payload });
}

/** Copies of a message come right after each other. */
const REMEMBERED = 256;

/**
 * Begins to listen: by each message's own filter and not by `#`, since a broker may send a message once for each filter that it
 * fits, and core listens to most of these by the same filters already. Kept states that are replayed at a connection were
 * journalled when they were new; media are never kept.
 */
export async function tapJournal(
  bus: Pick<Bus, "subscribeRaw">,
  journal: Pick<History["journal"], "append">,
): Promise<() => Promise<void>> {
  const isCopy = createCopyWatch();
  const kept = (Object.values(messages) as AnyMessage[]).filter(({ kind }) => kind !== "media");
  const stops = await Promise.all(
    kept.map((message) =>
      bus.subscribeRaw(message.filter(), (received) => {
        const { topic, payload, retained } = received;
        if (retained || isCopy(received)) return;
        journal.append({ source: "bus", topic, kind: message.kind, payload, ...peopleIn(message, payload) });
      }),
    ),
  );
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Every message bears an id of its own: the same bytes on the same topic are the same message once more. */
function createCopyWatch(): (message: RawMessage) => boolean {
  const recent = new Set<string>();
  return ({ topic, payload }) => {
    const key = createHash("sha1").update(topic).update(payload).digest("base64");
    if (recent.has(key)) return true;
    recent.add(key);
    const [oldest] = recent;
    if (recent.size > REMEMBERED && oldest !== undefined) recent.delete(oldest);
    return false;
  };
}

/** Only messages that can be about residents, or name somebody's account, are looked into. */
function peopleIn(
  { concerns, names }: AnyMessage,
  payload: Uint8Array,
): { residents?: readonly string[]; accounts?: readonly string[] } {
  if (!concerns && !names) return {};
  try {
    const { data } = JSON.parse(Buffer.from(payload).toString()) as { data: unknown };
    return { ...(concerns && { residents: concerns(data) }), ...(names && { accounts: names(data) }) };
  } catch {
    // It fits no contract: nobody will act on it, and what it is about cannot be known.
    return {};
  }
}
