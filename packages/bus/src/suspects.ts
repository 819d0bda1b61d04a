/**
 * A broker may answer a message by hanging up: a topic, a size or bytes that it does not like. What was under way when the
 * link fell is suspected, by its topic, and sent again alone; when the link falls soon after it, three times, it was that one.
 * Nobody answers telemetry and media: there the last one before a fall is suspected, if the fall came at once.
 */
import { type Clock, SkeinError } from "@skein/kit";

/** The link fell so soon after the last message was sent, ms: with an answer due, and without one. */
const SOON_MS = 5000;
const AT_ONCE_MS = 500;
/** So many falls in a row; its topic is then refused for so long, ms. */
const MAX_FALLS = 3;
const BAN_MS = 60_000;
/** Topics that are remembered, the latest. */
const MAX_TOPICS = 1000;

interface Suspicion {
  /** How often the link fell with it alone under way. */
  falls: number;
  /** When the last one without an answer was sent, ms of the monotonic clock; undefined when the link fell at it. */
  unansweredAt?: number | undefined;
}

export class Suspects {
  private readonly topics = new Map<string, Suspicion>();
  /** Until when a topic is refused, ms of the monotonic clock. */
  private readonly bans = new Map<string, number>();
  private lastSent = -Infinity;
  private lastUnanswered: { readonly topic: string; readonly at: number } | undefined;

  constructor(private readonly clock: Clock) {}

  /** One that the broker will answer. */
  sent(): void {
    this.lastSent = this.clock.monotonic();
  }

  /** The broker has answered it. */
  answered(topic: string): void {
    this.topics.delete(topic);
  }

  /** One that nobody will answer. */
  sentUnanswered(topic: string): void {
    const at = this.clock.monotonic();
    this.lastUnanswered = { topic, at };
    const suspicion = this.topics.get(topic);
    if (!suspicion) return;
    // The link has stood long enough since the one before.
    if (suspicion.unansweredAt !== undefined && at - suspicion.unansweredAt >= SOON_MS) this.topics.delete(topic);
    else suspicion.unansweredAt = at;
  }

  /** How often the link fell with this topic's alone under way; undefined when it is not suspected. */
  fallsOf(topic: string): number | undefined {
    return this.topics.get(topic)?.falls;
  }

  /** The link fell with these topics' messages under way: gives the topic that is to be given up, if any. */
  linkFell(underWay: readonly string[]): string | undefined {
    const now = this.clock.monotonic();
    if (underWay.length === 0) {
      const last = this.lastUnanswered;
      this.lastUnanswered = undefined;
      return last && now - last.at < AT_ONCE_MS ? this.fellAt(last.topic) : undefined;
    }
    if (now - this.lastSent >= SOON_MS) return undefined;
    const [only] = underWay;
    if (underWay.length === 1 && only !== undefined) return this.fellAt(only);
    for (const topic of underWay) if (!this.topics.has(topic)) remember(this.topics, topic, { falls: 0 });
    return undefined;
  }

  /** The error for whoever writes to a topic that is refused for a while. */
  refusal(topic: string): SkeinError | undefined {
    const until = this.bans.get(topic);
    if (until === undefined) return undefined;
    if (until > this.clock.monotonic()) return hangsUp(topic);
    this.bans.delete(topic);
    return undefined;
  }

  private fellAt(topic: string): string | undefined {
    const falls = (this.fallsOf(topic) ?? 0) + 1;
    if (falls < MAX_FALLS) {
      remember(this.topics, topic, { falls });
      return undefined;
    }
    this.topics.delete(topic);
    remember(this.bans, topic, this.clock.monotonic() + BAN_MS);
    return topic;
  }
}

function remember<V>(map: Map<string, V>, topic: string, value: V): void {
  map.delete(topic);
  if (map.size >= MAX_TOPICS) map.delete(map.keys().next().value as string);
  map.set(topic, value);
}

/** BUS_REFUSED */
export const hangsUp = (topic: string): SkeinError =>
  new SkeinError("BUS_REFUSED", `the broker hangs up at what we write to ${topic}.`, {
    hint: "Nothing is written there for a minute. The broker's log says why: the topic, the size, or its access rules.",
  });
