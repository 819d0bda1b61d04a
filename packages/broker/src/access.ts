/**
 * Who may say and hear what, made from the messages themselves: whoever is a message's `writer` may write where that message
 * lives. One writer per prefix, so that the rules are a handful of filters and the same for Mosquitto (mosquitto.ts).
 */
import { type AnyMessage, PREFIX, filterCovers, filterMatches, messages, REFUSED_TOPIC } from "@skein/contracts";

export type Role = "leader" | "flows" | "follower";

export interface Rights {
  /** Filters of the topics that it may write. */
  readonly write: readonly string[];
  /** Filters of the topics that it may subscribe to and receive. */
  readonly read: readonly string[];
}

const isParam = (level: string): boolean => level.startsWith("{");

/** What a role may do under the house's prefix; `id` is the participant's. */
export function rightsOf(role: Role, id: string): Rights {
  const all: readonly AnyMessage[] = Object.values(messages);
  const write = all.flatMap((message) => writeFilter(message, role, id) ?? []);
  const read = role === "follower" ? all.flatMap((message) => followerReads(message, id)) : [`${PREFIX}#`];
  return { write: [...new Set(write)], read: [...new Set(read)] };
}

function writeFilter(message: AnyMessage, role: Role, id: string): string | undefined {
  const levels = (message.pattern as string).split("/");
  // A follower is told what to do and tells nobody: one that was taken over shall not restart the others or hide their deaths.
  if (message.writer === "issuer") return role === "follower" ? undefined : issuerFilter(levels, id);
  return message.writer === role ? ownPrefix(levels, id) : undefined;
}

/** `commands/{target}/agent/{issuer}` gives `commands/+/+/ID`: to anyone, about anything, in one's own name only. */
function issuerFilter(levels: readonly string[], id: string): string {
  const middle = levels.slice(1, -1).map(() => "+");
  return PREFIX + [levels[0], ...middle, id].join("/");
}

/** `followers/{id}/birth` gives `followers/ID/#`; `leader/status` gives `leader/#`. */
function ownPrefix(levels: readonly string[], id: string): string {
  const owner = levels[1] !== undefined && isParam(levels[1]) && levels[1] !== "{issuer}" ? [id] : [];
  const named = (levels[0] ?? "") === "leader" ? [] : owner;
  return PREFIX + [levels[0], ...named, "#"].join("/");
}

/** A follower hears what is for it: commands to it and all that the leader says; and itself, to mend a late will. */
function followerReads(message: AnyMessage, id: string): string[] {
  const levels = (message.pattern as string).split("/");
  if (message.writer === "leader") return [ownPrefix(levels, id)];
  if (message.writer === "issuer") return [PREFIX + [levels[0], id, "#"].join("/")];
  return message.writer === "follower" ? [ownPrefix(levels, id)] : [];
}

export interface Access {
  readonly mayPublish: (topic: string) => boolean;
  readonly maySubscribe: (filter: string) => boolean;
  readonly mayReceive: (topic: string) => boolean;
}

/**
 * The same as questions. Flows may besides use any topic outside the house's prefix (other people's devices, stock MQTT
 * nodes) and subscribe to everything; nobody writes or reads the broker's own `$SYS`. Everybody hears what was refused to it.
 */
export function accessOf(role: Role, id: string): Access {
  const { write, read } = rightsOf(role, id);
  const reads = [...(role === "flows" ? ["#"] : read), REFUSED_TOPIC];
  const outside = (topic: string) => role === "flows" && !topic.startsWith(PREFIX) && !topic.startsWith("$");
  return {
    mayPublish: (topic) => outside(topic) || write.some((filter) => filterMatches(filter, topic)),
    maySubscribe: (filter) => reads.some((allowed) => filterCovers(allowed, filter)),
    mayReceive: (topic) => reads.some((allowed) => filterMatches(allowed, topic)),
  };
}
